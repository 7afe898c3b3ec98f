package himmelblau.contract.mfa;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamContext;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A user who answers from a list. Everything that happens is written down: {@code I text} info,
 * {@code E text} error, {@code ? prompt} a question with echo, {@code * prompt} one without, {@code
 * ~ PT2S} a pause. Pauses take no time. When the answers are used up the user is gone.
 */
public final class ScriptedConversation implements Conversation {
  /** As an answer: the user presses cancel. */
  public static final String CANCEL = "\u0000cancel";

  /** A local terminal. */
  public static final PamContext CONSOLE =
      new PamContext("login", "tty1", "", false, false, false, "");

  /** OpenSSH with {@code mfa_poll_prompt}. */
  public static final PamContext SSH =
      new PamContext("sshd", "ssh", "192.0.2.7", true, true, false, "");

  private final PamContext context;
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> seen = new ArrayList<>();
  private final List<Kind> kinds = new ArrayList<>();
  private Runnable beforePause = () -> {};

  public ScriptedConversation(PamContext context, String... answers) {
    this.context = context;
    this.answers.addAll(List.of(answers));
  }

  /** Runs {@code action} each time a pause begins: other things happen while the user waits. */
  public ScriptedConversation duringPauses(Runnable action) {
    beforePause = action;
    return this;
  }

  /** All that happened, in order. */
  public List<String> transcript() {
    return List.copyOf(seen);
  }

  /** The kinds of the hidden questions, in order. */
  public List<Kind> hiddenKinds() {
    return List.copyOf(kinds);
  }

  /** Answers that nobody has asked for. */
  public List<String> unused() {
    return List.copyOf(answers);
  }

  @Override
  public PamContext context() {
    return context;
  }

  @Override
  public void say(String text) {
    seen.add("I " + text);
  }

  @Override
  public void sayWithLink(String text, String link) {
    say(text);
    if (!link.isEmpty()) {
      seen.add("Q " + link);
    }
  }

  @Override
  public void warn(String text) {
    seen.add("E " + text);
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    seen.add("? " + prompt);
    return next();
  }

  @Override
  public Secret askHidden(String prompt, Kind kind) throws ConversationClosed {
    seen.add("* " + prompt);
    kinds.add(kind);
    return Secret.ofText(next());
  }

  private String next() throws ConversationClosed {
    String answer = answers.poll();
    if (answer == null) {
      throw new ConversationClosed(ConversationClosed.Reason.GONE);
    }
    if (answer.equals(CANCEL)) {
      throw new ConversationClosed(ConversationClosed.Reason.GIVEN_UP);
    }
    return answer;
  }

  @Override
  public void pause(Duration length) {
    seen.add("~ " + length);
    beforePause.run();
  }
}
