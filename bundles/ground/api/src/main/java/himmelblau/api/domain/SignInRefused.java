package himmelblau.api.domain;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The directory, or a check of its answer on this host, refused the sign-in. A provider says what
 * is wrong in the words of {@link Reason}; what its directory calls it is in {@link #code()}, which
 * nobody but a reader of the log interprets.
 */
public final class SignInRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** The reason, as far as the login bundle acts on it. */
  public enum Reason {
    /**
     * The password is wrong. Says nothing about the account: another password may be tried, if
     * {@link SignInRefused#retry()}.
     */
    WRONG_PASSWORD,
    /**
     * The directory says that there is no such account. Ends the sign-in; what lets this account in
     * offline is removed.
     */
    NO_SUCH_ACCOUNT,
    /**
     * An administrator disabled the account. Ends the sign-in; what lets this account in offline is
     * removed.
     */
    ACCOUNT_DISABLED,
    /**
     * Locked for a while, such as after wrong passwords. As anybody may have typed these, the
     * account stays valid offline; this sign-in ends.
     */
    ACCOUNT_LOCKED,
    /** The user denied the request on their phone. The sign-in starts over. */
    DENIED_BY_USER,
    /**
     * The second factor was wrong, expired or could not be checked. Never treated as a missing one
     * if the user was asked for it.
     */
    FACTOR_FAILED,
    /**
     * A second factor is demanded, and the account has none or none was given. Ends the sign-in;
     * the text says how to register one.
     */
    FACTOR_MISSING,
    /** The time for this sign-in is over. It starts over, and a password that was typed is used. */
    TIMED_OUT,
    /** Another account signed in than the one asked for. The sign-in starts over. */
    OTHER_ACCOUNT,
    /**
     * The directory no longer knows this host. Keys of the host and PINs are removed; the next
     * sign-in joins again.
     */
    DEVICE_REMOVED,
    /**
     * An administrator disabled this host in the directory; when it is enabled again, it works as
     * before. Nobody signs in until then, offline either; nothing is removed.
     */
    DEVICE_DISABLED,
    /**
     * What {@link Session#renewal()} gave earlier is no longer valid. The user signs in with all
     * factors; offline sign-ins with it end.
     */
    RENEWAL_DEAD,
    /** The directory demands an administrator's consent first. Ends the sign-in. */
    CONSENT_REQUIRED,
    /** No method that both sides support is left. Ends the sign-in. */
    NOT_SUPPORTED,
    /** A new password does not fulfil the directory's rules. Another one may be chosen. */
    PASSWORD_REJECTED,
    /**
     * The user or an administrator has to do something elsewhere first; the text says what. Ends
     * the sign-in.
     */
    ACTION_REQUIRED,
    /**
     * A policy of the directory does not allow this sign-in, such as from this host, place or
     * program. Another password or factor changes nothing.
     */
    BLOCKED_BY_POLICY,
    /** None of the above. The text, or {@link SignInRefused#code()}, is all there is to say. */
    OTHER
  }

  private final Reason reason;
  private final String text;
  private final @Nullable String code;
  private final boolean retry;

  /**
   * @param text for the user, one line, already worded as host-behaviour appendix A has it; blank:
   *     {@code Authentication failed} with the code
   * @param code what the directory calls the error, such as {@code AADSTS50126} or {@code
   *     access_denied}; for the log and for users who report it
   * @param retry whether the same step may be tried again within this sign-in
   */
  public SignInRefused(Reason reason, String text, Optional<String> code, boolean retry) {
    super(text);
    this.reason = reason;
    this.text = text;
    this.code = code.orElse(null);
    this.retry = retry;
  }

  public Reason reason() {
    return reason;
  }

  public String text() {
    return text;
  }

  public Optional<String> code() {
    return Optional.ofNullable(code);
  }

  public boolean retry() {
    return retry;
  }
}
