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

  /**
   * Who asked: the login uid that the kernel keeps for the peer's process, set when its user signed
   * in and unchanged by su and sudo (pam_loginuid(8)). So {@link #peer} is root, and this is the
   * account of the administrator; all sessions of one account have the same. Nothing that the peer
   * sends counts. Root may set the login uid of a process, so it proves nothing against root. Waits
   * at most a few seconds for the root helper, which reads it.
   *
   * @return an unsigned 32-bit user id, never that of "not set"
   * @throws UnknownLoginUid if the process belongs to no sign-in, has ended, or cannot be asked
   *     about
   */
  long loginUid() throws UnknownLoginUid;

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
