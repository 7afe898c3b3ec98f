package himmelblau.login.internal.conversation;

/**
 * The texts that users read, exactly as in host-behaviour 2.6 and appendix A. They are the keys of
 * the translations too: a {@code {name}} in braces is replaced by a value, the rest is constant.
 */
public final class PromptTexts {
  public static final String PASSWORD = "Entra Id Password: ";
  public static final String PIN = "PIN: ";
  public static final String NEW_PIN = "New PIN: ";
  public static final String CONFIRM_PIN = "Confirm PIN: ";
  public static final String CODE = "TOTP Code: ";

  public static final String SET_UP_PIN =
      """
      Set up a PIN
      A Hello PIN is a fast, secure way to sign in to your device, apps, and services.
      The minimum PIN length is {length} characters.\
      """;
  public static final String PROVISIONING_FAILED =
      """
      Failed to provision hello key: {error}
      Create a PIN to use in place of passwords.\
      """;
  public static final String ENROLLING = "Enrolling the Hello PIN. Please wait...";
  public static final String PIN_SETUP_FAILED = "PIN setup failed. Please try signing in again.";
  public static final String MISMATCH = "Inputs did not match. Try again.";
  public static final String CHANGES_PIN =
      "This command changes your local Hello PIN, NOT your Entra Id password.";
  public static final String MFA_REQUIRED = "Multi-factor authentication required.";
  public static final String PINS_ARE_OFF = "PINs are switched off on this computer.";

  public static final String WRONG_PIN = "Failed to authenticate with Hello PIN.";
  public static final String ONE_PIN_LEFT =
      WRONG_PIN
          + " One more failed attempt will require multi-factor authentication and will reset your"
          + " Linux Hello PIN.";
  public static final String PIN_LOST =
      "Too many incorrect PIN attempts. You will need to enroll a new Linux Hello PIN.";
  public static final String PIN_BLOCKED =
      "Too many incorrect PIN attempts from here. Sign in with multi-factor authentication to use"
          + " the Linux Hello PIN here again.";
  public static final String RENEWAL_ENDED =
      "The sign-in that this PIN renews has expired. Please sign in once more; your PIN stays the"
          + " same.";
  public static final String WRONG_CODE = "Failed to authenticate with Hello TOTP code.";
  public static final String ASK_CODE =
      "Please enter your Hello TOTP code from your Authenticator: ";
  public static final String SCAN_CODE =
      "Open your authenticator app and scan this QR code to enroll. Then enter the generated code.";
  public static final String SETUP_KEY =
      "Enter the setup key '{secret}' to enroll a TOTP Authenticator app. Use '{issuer}' for the code"
          + " name and '{account}' as the label/name.";

  public static final String NEW_PASSWORD_NEEDED =
      """
      Update your password
      You need to update your password because this is
      the first time you are signing in, or because your
      password has expired.\
      """;
  public static final String NEW_PASSWORD = "New password: ";
  public static final String CONFIRM_PASSWORD = "Confirm password: ";
  public static final String PASSWORD_TOO_SHORT = "Chosen password is too short! 8 chars required.";
  public static final String CHANGING_PASSWORD = "Changing the password. Please wait...";
  public static final String PASSWORD_NOT_CHANGED = "Failed to change user password: {message}";
  public static final String PASSWORD_CHANGE_REQUIRED =
      "Password change required. Please contact your administrator.";

  public static final String NEW_PASSWORD_ELSEWHERE =
      "A new password is required, and this program cannot ask for one. Please sign in with another"
          + " program, such as ssh.";

  public static final String OTHERS_HINT = "For another way to sign in, type ? and press Enter.";
  public static final String OTHERS = "Other ways to sign in:";
  public static final String WAY = "Way {number}: {message}";
  public static final String WAY_TO = "Way {number}: {message} ({phone})";
  public static final String CHOOSE = "Number of the way: ";

  public static final String OUTAGE = "Network outage detected.";
  public static final String BREAKGLASS =
      "Emergency access: until the network is back, your password alone is enough.";
  public static final String NO_BREAKGLASS =
      "Emergency access is not possible for you: this computer keeps no password of yours.";
  public static final String OFFLINE_FAILED = "Offline auth failed";
  public static final String OFFLINE_EXPIRED =
      "Offline auth has expired. Please connect to the network to continue.";
  public static final String CLOCK_BEHIND =
      "Offline sign-in is not possible: the clock of this computer ({time}) is set earlier "
          + "than when it was last used. Please set the clock, or connect to the network and "
          + "sign in.";
  public static final String REAUTH_NEEDS_NETWORK =
      "Re-authentication requires network connectivity.";
  public static final String BUSY =
      "Authentication service is temporarily unavailable. Please try again shortly.";
  public static final String UNREACHABLE =
      "Authentication failed: Unable to reach authentication server.";
  public static final String NONSENSE = "Authentication failed: Invalid server response.";
  public static final String NO_METHOD =
      "Authentication failed: Authentication method not supported.";
  public static final String HARDWARE = "Authentication failed: Security hardware error.";
  public static final String DATA_MISSING = "Authentication failed: Missing required data.";
  public static final String FAILED = "Authentication failed. Please try again.";
  static final String FAILED_CODE = "Authentication failed ({code})";
  public static final String ADMINISTRATOR =
      "Authentication failed. Please contact your administrator.";
  public static final String SIGN_IN_AGAIN =
      "Your user id on this computer has just become known. Please sign in once more.";
  public static final String MADE_ANEW =
      "This account was deleted and made anew in the directory; this computer still holds what"
          + " belonged to the one before. An administrator has to decide: aad-tool idmap user-add";
  public static final String OBSTACLE =
      "This account cannot sign in to this computer until an administrator has decided about its"
          + " ids: aad-tool status says why.";
  public static final String DISABLED_OFFLINE =
      "This computer was disabled in the directory. Connect to the network once it is enabled"
          + " again.";
  public static final String OTHER_ACCOUNT =
      "Authenticated user {user} does not match requested user";
  static final String DEVICE_REMOVED = "Device has been removed from the domain.";
  public static final String DISK_FULL =
      "The disk of this computer is full. Please contact your administrator.";
  public static final String UNEXPECTED = "An unexpected error occurred.";

  public static final String NO_PASSWORD = "No Entra Id password was supplied.";
  public static final String NO_PASSWORD_CONFIRMATION =
      "No Entra Id confirmation password was supplied.";
  public static final String NO_PIN = "No Entra Id Hello PIN was supplied.";
  public static final String NO_PIN_CONFIRMATION =
      "No Entra Id Hello confirmation PIN was supplied.";
  public static final String NO_CODE = "No Hello TOTP code was supplied.";
  public static final String NO_INPUT = "No input was supplied.";

  static final String REFUSED_BEFORE = "This answer was just refused and was not tried again.";
  static final String ONE_ANSWER_FOR_ALL =
      "The same answer was given to different questions and was not used again. Please sign in with"
          + " a program that shows each question (ssh -o"
          + " PreferredAuthentications=keyboard-interactive).";
  static final String SSHD_REFUSES =
      "The SSH service of this computer does not allow this account. Please contact your "
          + "administrator.";
  static final String TOO_MANY_QUESTIONS = "Too many questions. Please try signing in again.";
  public static final String NO_CODE_APP =
      "No authenticator app is set up for this device. Please connect to the network and sign in"
          + " again to set one up.";
  public static final String CODE_NOT_SET_UP =
      "The authenticator app was not set up. You will be asked again at the next sign-in.";
  public static final String FACTOR_MISSING =
      "Multi-factor authentication required. The directory accepted this sign-in without a second"
          + " factor: register one at https://aka.ms/mfasetup, then try again.";
  public static final String NO_METHOD_HERE =
      "Authentication failed: Authentication method not supported. Please register a method that"
          + " works in this program, or sign in with another program.";

  public static final String SCRIPT_DENIES =
      "Authentication was explicitly denied by the logon script";
  public static final String SCRIPT_LATE =
      "Execution of logon script timed out: stopped after {seconds} s";
  public static final String SCRIPT_FAILED =
      "Execution of logon script failed: please contact your administrator.";

  public static final String DISREGARD =
      "If you are now prompted for a password from pam_unix, please disregard the prompt, go back and"
          + " try again.";

  public static final String ENTER_TO_SEND = "Press enter to send a sign-in request to your phone";
  public static final String TOO_MANY_REQUESTS =
      "Too many sign-in requests were sent to your phone. Please try again in a few minutes.";

  public static final String NO_DOMAIN =
      "No sign-in domain is configured on this computer. Please contact your administrator.";
  public static final String AMBIGUOUS =
      "The name {name} is ambiguous; here it means {user}. If that is not you, sign in with your full"
          + " name.";
  public static final String REPLACING = "A part of the sign-in is being replaced. Please wait...";
  public static final String METHOD_MISSING =
      "The sign-in method {method} is switched off on this computer.";

  private PromptTexts() {}
}
