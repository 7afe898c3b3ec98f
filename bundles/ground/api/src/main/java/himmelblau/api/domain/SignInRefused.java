package himmelblau.api.domain;

import java.util.OptionalInt;

/** The directory, or a check of its answer on this host, refused the sign-in. */
public final class SignInRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** The reason, as far as the login bundle acts on it. */
  public enum Reason {
    WRONG_PASSWORD,
    NO_SUCH_ACCOUNT,
    ACCOUNT_DISABLED,
    DENIED_BY_USER,
    FACTOR_FAILED,
    /** A second factor is demanded, and the account has none or none was given. */
    FACTOR_MISSING,
    TIMED_OUT,
    OTHER_ACCOUNT,
    DEVICE_REMOVED,
    /**
     * An administrator disabled this host in the directory; when it is enabled again, it works as
     * before.
     */
    DEVICE_DISABLED,
    RENEWAL_DEAD,
    CONSENT_REQUIRED,
    NOT_SUPPORTED,
    PASSWORD_REJECTED,
    /** The user or an administrator has to do something elsewhere first; the text says what. */
    ACTION_REQUIRED,
    OTHER
  }

  private final Reason reason;
  private final String text;
  private final OptionalInt code;
  private final boolean retry;

  /**
   * @param text for the user, one line, already worded as host-behaviour appendix A has it
   * @param code the directory's error number (AADSTS), for the log and for {@code Authentication
   *     failed (AADSTS{code})}
   * @param retry whether the same step may be tried again within this sign-in
   */
  public SignInRefused(Reason reason, String text, OptionalInt code, boolean retry) {
    super(text);
    this.reason = reason;
    this.text = text;
    this.code = code;
    this.retry = retry;
  }

  public Reason reason() {
    return reason;
  }

  public String text() {
    return text;
  }

  public OptionalInt code() {
    return code;
  }

  public boolean retry() {
    return retry;
  }
}
