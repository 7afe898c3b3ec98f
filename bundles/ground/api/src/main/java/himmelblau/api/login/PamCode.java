package himmelblau.api.login;

/** The results of Linux-PAM (security/_pam_types.h) that a conversation may end with. */
public enum PamCode {
  SUCCESS(0),
  SERVICE_ERR(3),
  SYSTEM_ERR(4),
  PERM_DENIED(6),
  AUTH_ERR(7),
  CRED_INSUFFICIENT(8),
  AUTHINFO_UNAVAIL(9),
  USER_UNKNOWN(10),
  MAXTRIES(11),
  ACCT_EXPIRED(13),
  AUTHTOK_ERR(20),
  IGNORE(25),
  ABORT(26);

  private final int value;

  PamCode(int value) {
    this.value = value;
  }

  /** The number that goes over the wire and back to the application. */
  public int value() {
    return value;
  }

  /** The name as PAM spells it, such as {@code PAM_AUTH_ERR}. */
  public String pamName() {
    return "PAM_" + name();
  }
}
