package himmelblau.shell.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.ConversationClosed.Reason;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import java.io.PrintStream;
import java.util.Optional;

/**
 * The terminal of a command within a session of the shell. Gogo gives each thread that runs a
 * command standard streams of its own, so that what is shown can go to another command.
 */
final class GogoTerminal implements AdminTerminal {
  private final AdminTerminal terminal;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  GogoTerminal(AdminTerminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Peer peer() {
    return terminal.peer();
  }

  @Override
  public long loginUid() throws UnknownLoginUid {
    return terminal.loginUid();
  }

  @Override
  public void out(String line) {
    out.println(line);
  }

  @Override
  public void err(String line) {
    err.println(line);
  }

  @Override
  public Optional<String> ask(String prompt) throws ConversationClosed {
    return terminal.ask(prompt);
  }

  @Override
  public Optional<Secret> askHidden(String prompt) throws ConversationClosed {
    return terminal.askHidden(prompt);
  }

  @Override
  public boolean interactive() {
    return terminal.interactive();
  }

  /** What is typed is the session's. */
  @Override
  public Streams stream(boolean rawMode) throws ConversationClosed {
    err("This reads standard input: run it with aad-tool, outside of the shell.");
    throw new ConversationClosed(Reason.GIVEN_UP);
  }
}
