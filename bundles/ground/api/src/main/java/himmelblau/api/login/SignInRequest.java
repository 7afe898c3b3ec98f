package himmelblau.api.login;

import himmelblau.api.secret.Secret;
import java.util.Optional;
import java.util.Set;

/**
 * What a shim asked for, unjudged: every field but {@code peer} comes from the other side.
 *
 * @param caller real uid of the process that called PAM: who runs {@code su}, which itself runs as
 *     root. Only root's word is taken for it; for every other peer it is the peer's uid
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

  /** Of a peer that called PAM itself. */
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
