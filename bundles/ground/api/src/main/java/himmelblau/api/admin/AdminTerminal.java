package himmelblau.api.admin;

import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The terminal at the other end of the admin socket. Blocking; one thread at a time. */
@ProviderType
public interface AdminTerminal {
  Peer peer();

  /** Writes a line to standard output; the newline is added. */
  void out(String line) throws ConversationClosed;

  /** Writes a line to standard error; the newline is added. */
  void err(String line) throws ConversationClosed;

  /** Asks with echo; empty at the end of input. */
  Optional<String> ask(String prompt) throws ConversationClosed;

  /** Asks without echo; empty at the end of input. The caller closes the answer. */
  Optional<Secret> askHidden(String prompt) throws ConversationClosed;

  /** Whether standard input and output are a terminal. */
  boolean interactive();

  /**
   * Turns the connection into a byte stream for an interactive session.
   *
   * @param rawMode whether the terminal itself goes to raw mode
   */
  Streams stream(boolean rawMode) throws ConversationClosed;

  /** A running byte stream. Reading ends with -1 when the peer closes its input. */
  record Streams(InputStream input, OutputStream output, OutputStream error) {}
}
