package himmelblau.login.internal;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamContext;
import himmelblau.api.secret.Secret;
import himmelblau.contract.mfa.ScriptedConversation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A program that answers every question. Pauses take no time. Ends the test when it is asked
 * without end.
 */
public final class ScriptedUser implements Conversation {
  private static final int WITHOUT_END = 200;

  private final Function<List<String>, String> answers;
  private final List<String> seen = new ArrayList<>();
  private int prompts;

  /**
   * @param answers gets all that was said, the question last
   */
  public ScriptedUser(Function<List<String>, String> answers) {
    this.answers = answers;
  }

  /** sshd's password method, chpasswd: one word for everything. */
  public static ScriptedUser always(String word) {
    return new ScriptedUser(seen -> word);
  }

  public int prompts() {
    return prompts;
  }

  public List<String> seen() {
    return seen;
  }

  private String answer(String prompt) {
    seen.add(prompt);
    if (++prompts > WITHOUT_END) {
      throw new AssertionError("asked without end: " + seen);
    }
    return answers.apply(List.copyOf(seen));
  }

  @Override
  public PamContext context() {
    return ScriptedConversation.SSH;
  }

  @Override
  public void say(String text) {
    seen.add(text);
  }

  @Override
  public void warn(String text) {
    seen.add(text);
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    return answer(prompt);
  }

  @Override
  public Secret askHidden(String prompt, Kind kind) throws ConversationClosed {
    return Secret.ofText(answer(prompt));
  }

  @Override
  public void pause(Duration length) {}
}
