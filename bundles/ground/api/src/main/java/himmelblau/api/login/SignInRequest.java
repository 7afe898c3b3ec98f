package himmelblau.api.login;

import himmelblau.api.secret.Secret;
import java.util.Optional;
import java.util.Set;

/**
 * What a shim asked for, unjudged: every field but {@code peer} comes from the other side.
 *
 * @param user the name as typed
 * @param authtok what an earlier PAM module left; borrowed, closed by the caller
 */
public record SignInRequest(
    Peer peer,
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
