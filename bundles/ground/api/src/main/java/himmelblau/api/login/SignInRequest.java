package himmelblau.api.login;

import himmelblau.api.secret.Secret;
import java.util.Optional;
import java.util.Set;

/**
 * A request of a shim, not yet validated: every field except {@code peer} comes from the client.
 *
 * @param caller real uid of the process that called PAM: who runs {@code su}, which itself runs as
 *     root. It is trusted only from root; for every other peer it is the uid of the peer
 * @param user the name as typed
 * @param authtok what an earlier PAM module left; borrowed, closed by the caller
 */
public record SignInRequest(
    Peer peer,
    long caller,
    String user,
    String service,
    String tty,
    String rhost,
    Set<Flag> flags,
    boolean graphical,
    String locale,
    Optional<Secret> authtok) {

  public SignInRequest {
    flags = Set.copyOf(flags);
    caller = peer.root() ? caller : peer.uid();
  }

  /** For a peer that called PAM itself. */
  public SignInRequest(
      Peer peer,
      String user,
      String service,
      String tty,
      String rhost,
      Set<Flag> flags,
      boolean graphical,
      String locale,
      Optional<Secret> authtok) {
    this(peer, peer.uid(), user, service, tty, rhost, flags, graphical, locale, authtok);
  }

  /** Options of the PAM line, host-behaviour 2.1. */
  public enum Flag {
    NO_HELLO_PIN,
    FORCE_REAUTH,
    NO_INFO_PROMPT,
    MFA_POLL_PROMPT,
    SILENT,
    IGNORE_UNKNOWN_USER
  }
}
