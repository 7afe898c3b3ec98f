package himmelblau.mfa.fido2.internal;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamContext;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A user who answers from a list, does things when a text appears, and waits in real time. */
final class UserAtConsole implements Conversation {
  private final boolean graphical;
  private final Deque<String> answers;
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final List<Secret> given = new ArrayList<>();
  private final Map<String, Runnable> reactions = new HashMap<>();

  UserAtConsole(boolean graphical, String... answers) {
    this.graphical = graphical;
    this.answers = new ArrayDeque<>(List.of(answers));
  }

  UserAtConsole(String... answers) {
    this(false, answers);
  }

  /** The first time that {@code text} is shown. */
  UserAtConsole when(String text, Runnable reaction) {
    reactions.put(text, reaction);
    return this;
  }

  List<String> seen() {
    return List.copyOf(seen);
  }

  /** What was typed; to be wiped by whoever got it. */
  List<Secret> given() {
    return given;
  }

  @Override
  public PamContext context() {
    return new PamContext("login", "tty1", "", false, false, graphical, "");
  }

  @Override
  public void say(String text) {
    seen.add(text);
    Runnable reaction = reactions.remove(text);
    if (reaction != null) {
      reaction.run();
    }
  }

  @Override
  public void warn(String text) {
    say(text);
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    throw new AssertionError("Nothing is asked with echo");
  }

  @Override
  public Secret askHidden(String prompt, Kind kind) throws ConversationClosed {
    seen.add(prompt);
    if (kind != Kind.PASSING) {
      throw new AssertionError("The PIN of a key is no password of the host");
    }
    String answer = answers.poll();
    if (answer == null) {
      throw new ConversationClosed(ConversationClosed.Reason.GONE);
    }
    Secret secret = Secret.ofText(answer);
    given.add(secret);
    return secret;
  }

  @Override
  public void pause(Duration length) throws ConversationClosed {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConversationClosed(ConversationClosed.Reason.GONE);
    }
  }
}
