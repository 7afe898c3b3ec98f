package himmelblau.domain.graphtools.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamContext;
import himmelblau.api.secret.Secret;
import java.time.Duration;

/** The user at the terminal of a command, for methods of a second factor. */
record TerminalConversation(AdminTerminal terminal) implements Conversation {
  private static final PamContext CONTEXT =
      new PamContext("aad-tool", "", "", false, false, false, "");

  @Override
  public PamContext context() {
    return CONTEXT;
  }

  @Override
  public void say(String text) throws ConversationClosed {
    lines(text);
  }

  @Override
  public void warn(String text) throws ConversationClosed {
    lines(text);
  }

  /** On standard error: standard output is the result of the command. */
  private void lines(String text) throws ConversationClosed {
    for (String line : text.split("\\R", -1)) {
      terminal.err(line);
    }
  }

  @Override
  public String ask(String prompt) throws ConversationClosed {
    return terminal.ask(prompt).orElseThrow(TerminalConversation::givenUp);
  }

  @Override
  public Secret askHidden(String prompt, Kind kind) throws ConversationClosed {
    return terminal.askHidden(prompt).orElseThrow(TerminalConversation::givenUp);
  }

  @Override
  public void pause(Duration length) throws ConversationClosed {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw givenUp();
    }
  }

  private static ConversationClosed givenUp() {
    return new ConversationClosed(ConversationClosed.Reason.GIVEN_UP);
  }
}
