package himmelblau.config.internal;

import static himmelblau.config.internal.Option.global;
import static himmelblau.config.internal.OptionType.BOOL;
import static himmelblau.config.internal.OptionType.LIST;
import static himmelblau.config.internal.OptionType.STRING;
import static himmelblau.config.internal.OptionType.U32;

import java.util.List;

/** Options for authentication (host-behaviour 1.4). */
final class SignInOptions {
  static final List<Option> ALL =
      List.of(
          global(
              "enable_hello",
              BOOL,
              true,
              "PIN enrolment and PIN sign-in; false = MFA at every sign-in"),
          global("allow_remote_hello", BOOL, true, "Accept the PIN alone for remote services"),
          global(
              "allow_remote_registration",
              BOOL,
              true,
              "Let users of remote sign-ins set up their second factor in a browser"),
          global(
              "enable_hello_totp",
              BOOL,
              false,
              "Require a local one-time code in addition to the PIN"),
          global("hello_pin_min_length", U32, 6, "Minimum length of a PIN, 6 to 32"),
          global(
              "hello_pin_retry_count", U32, 3, "Wrong PINs until the PIN is deleted; 0 = no PINs"),
          global(
              "hello_pin_prompt",
              STRING,
              "Use the Linux Hello PIN for this device.",
              "Text above the PIN prompt"),
          global(
              "entra_id_password_prompt",
              STRING,
              "Use the password for your Office 365 or Microsoft online login.",
              "Text above the password prompt"),
          global(
              "enable_sfa_fallback",
              BOOL,
              false,
              "Accept the password alone when MFA is not available"),
          global("allow_console_password_only", BOOL, true, "Do not force MFA at the console"),
          global(
              "password_only_remote_services_deny_list",
              LIST,
              new String[] {
                "ssh", "telnet", "ftp", "rsh", "rlogin", "rexec", "vnc", "xrdp", "cockpit", "mosh"
              },
              "Substrings of PAM service names that are treated as remote"),
          global(
              "mfa_poll_prompt_services",
              LIST,
              new String[] {"ssh", "cockpit"},
              "Substrings of PAM service names that get the prompt Press enter to continue"),
          global("mfa_method", STRING, "Preferred method, such as PhoneAppNotification"),
          global("enable_experimental_mfa", BOOL, true, "false = always use the device code flow"),
          global("enable_passwordless", BOOL, true, "Offer phone sign-in"),
          global(
              "enable_passwordless_qr_bluetooth",
              BOOL,
              false,
              "Sign in with a passkey on the phone"),
          global(
              "qr_bluetooth_prompt",
              STRING,
              "Scan with your authenticator app",
              "Text shown with the QR code"),
          global("apply_policy", BOOL, false, "Enrol in Intune and apply its policies"));

  private SignInOptions() {}
}
