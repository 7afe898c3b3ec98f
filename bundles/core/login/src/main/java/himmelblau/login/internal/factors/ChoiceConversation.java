package himmelblau.login.internal.factors;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamContext;
import himmelblau.api.mfa.OtherDevice;
import himmelblau.api.secret.Secret;
import java.time.Duration;

/**
 * The conversation that a method gets if there are others to choose from: at each of its prompts
 * the user can ask for them. The method then ends as if the user had gone. Used by one thread.
 */
final class ChoiceConversation implements Conversation {
  private static final Secret ASKED = Secret.ofText("?");

  private final Conversation raw;
  private boolean othersAsked;

  ChoiceConversation(Conversation raw) {
    this.raw = raw;
  }

  /** Whether the user asked for the other methods; whatever the method returned is void then. */
  boolean othersAsked() {
    return othersAsked;
  }

  @Override
  public Secret askHidden(String prompt, Kind kind) throws ConversationClosed {
    requireOpen();
    Secret answer = raw.askHidden(prompt, kind);
    // Where the user only confirms, an empty answer is the usual one.
    boolean empty = answer.isEmpty() && !prompt.equals(OtherDevice.PRESS_ENTER);
    if (empty || answer.matches(ASKED)) {
      answer.close();
      othersAsked = true;
      requireOpen();
    }
    return answer;
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    requireOpen();
    String answer = raw.ask(prompt);
    if (answer.isEmpty() || answer.equals("?")) {
      othersAsked = true;
      requireOpen();
    }
    return answer;
  }

  private void requireOpen() throws ConversationClosed {
    if (othersAsked) {
      throw new ConversationClosed(ConversationClosed.Reason.GIVEN_UP);
    }
  }

  @Override
  public PamContext context() {
    return raw.context();
  }

  @Override
  public void say(String text) throws ConversationClosed {
    requireOpen();
    raw.say(text);
  }

  @Override
  public void sayWithLink(String text, String link) throws ConversationClosed {
    requireOpen();
    raw.sayWithLink(text, link);
  }

  @Override
  public void warn(String text) throws ConversationClosed {
    requireOpen();
    raw.warn(text);
  }

  @Override
  public void pause(Duration length) throws ConversationClosed {
    requireOpen();
    raw.pause(length);
  }
}
