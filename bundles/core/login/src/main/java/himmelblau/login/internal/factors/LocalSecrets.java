package himmelblau.login.internal.factors;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamContext;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.TypedAnswers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conversation that a method gets whose device is at this host: what is typed without echo
 * there, such as the PIN of a security key, goes to the device, which counts wrong ones and ends by
 * destroying itself. The password of this call, and what was refused in an earlier round of it,
 * never get there; what was typed there is never used as the password. Used by one thread.
 */
final class LocalSecrets implements Conversation {
  private final Conversation raw;
  private final TypedAnswers answers;
  private final List<TypedAnswers.Given> typed = new ArrayList<>();
  private Optional<SignInEnded> ended = Optional.empty();

  LocalSecrets(Conversation raw, TypedAnswers answers) {
    this.raw = raw;
    this.answers = answers;
  }

  /** Why this call has ended, if an answer was held back. */
  Optional<SignInEnded> ended() {
    return ended;
  }

  /** The method was not successful with any of them. */
  void refuse() {
    typed.forEach(TypedAnswers.Given::refuse);
  }

  @Override
  public Secret askHidden(String prompt, Kind kind) throws ConversationClosed {
    Secret answer = raw.askHidden(prompt, kind);
    if (answer.isEmpty()) {
      return answer;
    }
    try {
      typed.add(answers.take(answer, TypedAnswers.Use.DEVICE_PIN));
      return answer;
    } catch (SignInEnded e) {
      answer.close();
      ended = Optional.of(e);
      throw new ConversationClosed(ConversationClosed.Reason.GIVEN_UP);
    }
  }

  @Override
  public PamContext context() {
    return raw.context();
  }

  @Override
  public void say(String text) throws ConversationClosed {
    raw.say(text);
  }

  @Override
  public void sayWithLink(String text, String link) throws ConversationClosed {
    raw.sayWithLink(text, link);
  }

  @Override
  public void warn(String text) throws ConversationClosed {
    raw.warn(text);
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    return raw.ask(prompt);
  }

  @Override
  public void pause(Duration length) throws ConversationClosed {
    raw.pause(length);
  }
}
