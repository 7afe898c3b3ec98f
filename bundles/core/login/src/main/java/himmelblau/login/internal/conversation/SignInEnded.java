package himmelblau.login.internal.conversation;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.login.PamCode;
import java.util.EnumSet;
import java.util.Set;

/** An attempt to sign in ended without success. */
public final class SignInEnded extends Exception {
  private static final long serialVersionUID = 1L;

  /** What follows. */
  public enum Kind {
    /** The text is shown and the sign-in starts over. */
    DENIED,
    /** The banner is shown and the PAM call fails. */
    REFUSED,
    /** Not a directory user: left to other PAM modules. */
    UNKNOWN
  }

  /** Nothing that the user could answer would change these. With another code sshd asks again. */
  private static final Set<Reason> NO_METHOD =
      EnumSet.of(Reason.FACTOR_MISSING, Reason.NOT_SUPPORTED);

  /** Trying again at once would only be refused again. */
  private static final Set<Reason> HOPELESS =
      EnumSet.of(
          Reason.NO_SUCH_ACCOUNT,
          Reason.ACCOUNT_DISABLED,
          Reason.ACCOUNT_LOCKED,
          Reason.CONSENT_REQUIRED,
          Reason.ACTION_REQUIRED);

  private final Kind kind;
  private final PamCode code;
  private final String text;

  private SignInEnded(Kind kind, PamCode code, String text) {
    super(kind + ": " + text);
    this.kind = kind;
    this.code = code;
    this.text = text;
  }

  public static SignInEnded denied(String text) {
    return new SignInEnded(Kind.DENIED, PamCode.AUTH_ERR, text);
  }

  /**
   * @param code the code that the banner shows
   */
  public static SignInEnded refused(PamCode code, String text) {
    return new SignInEnded(Kind.REFUSED, code, text);
  }

  /**
   * @param why for the log only
   */
  public static SignInEnded unknown(String why) {
    return new SignInEnded(Kind.UNKNOWN, PamCode.USER_UNKNOWN, why);
  }

  public static SignInEnded of(DomainUnavailable trouble) {
    return denied(
        switch (trouble.kind()) {
          case NETWORK -> PromptTexts.UNREACHABLE;
          case TEMPORARY -> PromptTexts.BUSY;
          case PROTOCOL -> PromptTexts.NONSENSE;
        });
  }

  public static SignInEnded of(SignInRefused refusal) {
    if (NO_METHOD.contains(refusal.reason())) {
      return refused(PamCode.MAXTRIES, text(refusal));
    }
    return HOPELESS.contains(refusal.reason())
        ? refused(PamCode.AUTH_ERR, text(refusal))
        : denied(text(refusal));
  }

  private static String text(SignInRefused refusal) {
    if (!refusal.text().isBlank()) {
      return refusal.text();
    }
    return refusal
        .code()
        .map(code -> PromptTexts.FAILED_CODE.replace("{code}", code))
        .orElse(PromptTexts.FAILED);
  }

  /**
   * No method of this account can be used in this program.
   *
   * @param text says what to do
   */
  public static SignInEnded noMethod(String text) {
    return refused(PamCode.MAXTRIES, text);
  }

  public Kind kind() {
    return kind;
  }

  public PamCode code() {
    return code;
  }

  public String text() {
    return text;
  }
}
