package himmelblau.domain.entra.internal.wire;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The meaning of AADSTS numbers for a user at a prompt (entra-tokens 11). */
public final class Refusals {
  public static final String AGAIN = "Authentication failed. Please try again.";
  public static final String TOO_MANY = "Too many wrong codes. Please try again.";
  public static final String BUSY =
      "Authentication service is temporarily unavailable. Please try again shortly.";
  public static final String REMOVED = "Device has been removed from the domain.";
  public static final String REMOVED_BECAUSE = REMOVED + " {detail}";
  public static final String DISABLED =
      "This computer was disabled in the directory. Please contact your administrator.";
  public static final String EXPIRED = "Your session has expired. Please sign in again.";

  /** Where users register what they sign in with. */
  private static final String REGISTER = " at https://aka.ms/mfasetup from another device";

  public static final String MFA =
      "Multi-factor authentication required. Register a method" + REGISTER + ", then try again.";
  public static final String NO_SETUP_HERE =
      "Multi-factor authentication required. This account has no second factor yet, and none can"
          + " be set up during this sign-in. Sign in at the screen and keyboard of this computer,"
          + " or register a method"
          + REGISTER
          + ", then try again.";
  public static final String MFA_AGAIN =
      "Multi-factor authentication required. Please try signing in again.";
  public static final String CONSENT = "Consent required. Please contact your administrator.";
  public static final String UNSUPPORTED =
      "Authentication failed: Authentication method not supported. Register another one"
          + REGISTER
          + ", or sign in with another program.";
  public static final String HARDWARE = "Authentication failed: Security hardware error.";
  public static final String JOIN = "Failed to join domain. Please contact your administrator.";
  public static final String PIN = "PIN setup failed. Please try signing in again.";
  public static final String PASSWORD_NOT_CHANGED = "Failed to change user password: {message}";
  public static final String OTHER_ACCOUNT =
      "Authenticated user {user} does not match requested user";
  public static final String IN_PROGRESS = "Authentication in progress.";
  private static final String FAILED_CODE = "Authentication failed ({code})";
  private static final String PASSWORD =
      "Password change required. Please contact your administrator.";
  private static final String RESET =
      "Password reset registration required. Complete setup at https://aka.ms/ssprsetup from"
          + " another device, then try again.";
  private static final String CONFIGURATION =
      "Authentication failed: Configuration error. Please contact your administrator.";

  /** The host, or the host that a Hello key belongs to, was disabled by an administrator. */
  static final int[] DEVICE_DISABLED = {135011, 130007};

  /** Numbers after which the same request may succeed later. */
  private static final int[] TRANSIENT = {90055, 90006, 90024, 90033, 50196, 80002, 80005};

  private record Meaning(Reason reason, Optional<String> text, boolean retry) {}

  private static final Map<Integer, Meaning> MEANINGS = new HashMap<>();

  static {
    put(Reason.WRONG_PASSWORD, null, true, 50126, 50056, 50064);
    put(Reason.NO_SUCH_ACCOUNT, null, false, 50034, 51004, 50020, 500341);
    put(Reason.ACCOUNT_DISABLED, null, false, 50057);
    put(Reason.ACCOUNT_LOCKED, null, false, 50053);
    put(Reason.FACTOR_FAILED, AGAIN, false, 500121, 50087);
    put(Reason.FACTOR_FAILED, null, true, 130503);
    put(Reason.FACTOR_FAILED, null, false, 130500, 130502, 130504, 130505, 135016);
    put(Reason.FACTOR_MISSING, MFA, false, 50072, 50079, 50203);
    put(Reason.FACTOR_MISSING, MFA_AGAIN, false, 50074, 50076, 50078, 50158, 50161);
    put(Reason.ACTION_REQUIRED, PASSWORD, false, 50055, 50144, 50135);
    put(Reason.ACTION_REQUIRED, RESET, false, 50125);
    put(Reason.CONSENT_REQUIRED, CONSENT, false, 65001, 65002, 65004, 65005, 90094);
    put(Reason.DEVICE_REMOVED, REMOVED, false, 50155, 130008);
    put(Reason.DEVICE_DISABLED, DISABLED, false, DEVICE_DISABLED);
    put(
        Reason.RENEWAL_DEAD,
        EXPIRED,
        false,
        new int[] {
          50173, 50132, 50133, 50089, 70000, 70008, 700082, 70043, 70044, 70046, 140001, 130004,
          130005, 130006, 135010
        });
    put(
        Reason.ACTION_REQUIRED,
        CONFIGURATION,
        false,
        90002,
        50128,
        50059,
        90019,
        700016,
        7000218,
        7000215);
    put(Reason.BLOCKED_BY_POLICY, null, false, 53000, 53001, 53002, 53003);
    put(Reason.PASSWORD_REJECTED, null, true, 120000, 120002, 120003, 120008, 120014);
  }

  private Refusals() {}

  private static void put(Reason reason, @Nullable String text, boolean retry, int... codes) {
    Meaning meaning = new Meaning(reason, Optional.ofNullable(text), retry);
    Arrays.stream(codes).forEach(code -> MEANINGS.put(code, meaning));
  }

  static SignInRefused of(AadstsError error) throws DomainUnavailable {
    if (error.code().isEmpty()) {
      return new SignInRefused(Reason.OTHER, AGAIN, Optional.empty(), false);
    }
    int code = error.code().getAsInt();
    if (Arrays.stream(TRANSIENT).anyMatch(number -> number == code)) {
      throw new DomainUnavailable(DomainUnavailable.Kind.TEMPORARY, BUSY);
    }
    Meaning meaning =
        MEANINGS.getOrDefault(code, new Meaning(Reason.OTHER, Optional.empty(), false));
    String text = meaning.text().orElse(FAILED_CODE.replace("{code}", "AADSTS" + code));
    return new SignInRefused(meaning.reason(), text, error.refusalCode(), meaning.retry());
  }

  /** A refusal by this host, without an error number of the directory. */
  public static SignInRefused because(Reason reason, String text) {
    return new SignInRefused(reason, text, Optional.empty(), false);
  }
}
