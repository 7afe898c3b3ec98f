package himmelblau.socket.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import java.util.Optional;

/** A terminal of another bundle, on which nothing steers the terminal either. */
final class PlainTerminal implements AdminTerminal {
  private final AdminTerminal terminal;

  PlainTerminal(AdminTerminal terminal) {
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
  public void out(String line) throws ConversationClosed {
    terminal.out(TerminalText.of(line));
  }

  @Override
  public void err(String line) throws ConversationClosed {
    terminal.err(TerminalText.of(line));
  }

  @Override
  public Optional<String> ask(String prompt) throws ConversationClosed {
    return terminal.ask(TerminalText.bounded(prompt));
  }

  @Override
  public Optional<Secret> askHidden(String prompt) throws ConversationClosed {
    return terminal.askHidden(TerminalText.bounded(prompt));
  }

  @Override
  public boolean interactive() {
    return terminal.interactive();
  }

  @Override
  public Streams stream(boolean rawMode) throws ConversationClosed {
    return terminal.stream(rawMode);
  }
}
