package himmelblau.config.internal;

import static himmelblau.config.internal.Option.global;
import static himmelblau.config.internal.OptionType.BOOL;
import static himmelblau.config.internal.OptionType.LIST;
import static himmelblau.config.internal.OptionType.STRING;
import static himmelblau.config.internal.OptionType.U32;
import static himmelblau.config.internal.OptionType.U64;

import java.util.List;

/** How users prove who they are (host-behaviour 1.4). */
final class SignInOptions {
  static final List<Option> ALL =
      List.of(
          global("enable_hello", BOOL, true, "PIN enrolment and PIN sign-in; false = MFA always"),
          global("allow_remote_hello", BOOL, true, "The PIN alone is enough for remote services"),
          global("enable_hello_totp", BOOL, false, "A local one-time code in addition to the PIN"),
          global("hello_pin_min_length", U32, 6, "Least length of a PIN, 6 to 32"),
          global("hello_pin_retry_count", U32, 3, "Wrong PINs until the PIN is gone; 0 = no PIN"),
          global(
              "hello_pin_prompt",
              STRING,
              "Use the Linux Hello PIN for this device.",
              "Line above the PIN prompt"),
          global(
              "entra_id_password_prompt",
              STRING,
              "Use the password for your Office 365 or Microsoft online login.",
              "Line above the password prompt"),
          global("enable_sfa_fallback", BOOL, false, "Password alone when MFA cannot be had"),
          global("allow_console_password_only", BOOL, true, "Do not force MFA at the console"),
          global(
              "password_only_remote_services_deny_list",
              LIST,
              new String[] {
                "ssh", "telnet", "ftp", "rsh", "rlogin", "rexec", "vnc", "xrdp", "cockpit", "mosh"
              },
              "Parts of PAM service names that mean remote"),
          global(
              "mfa_poll_prompt_services",
              LIST,
              new String[] {"ssh", "cockpit"},
              "Parts of PAM service names that get Press enter to continue"),
          global("mfa_method", STRING, "Method to prefer, such as PhoneAppNotification"),
          global("enable_experimental_mfa", BOOL, true, "false = always the device code flow"),
          global("enable_passwordless", BOOL, true, "Offer phone sign-in"),
          global("enable_experimental_passwordless_fido", BOOL, false, "Passkey, no password"),
          global("enable_passwordless_security_key", BOOL, false, "USB key, no password"),
          global("enable_passwordless_qr_bluetooth", BOOL, false, "Passkey on the phone"),
          global("fido_timeout", U64, 25L, "Seconds to wait for the key"),
          global("fido_prompt", STRING, "Please insert your security key.", "Shown without key"),
          global(
              "fido_presence_prompt",
              STRING,
              "Please touch your security key.",
              "Shown while the key waits for a touch"),
          global(
              "qr_bluetooth_prompt",
              STRING,
              "Scan with your authenticator app",
              "Shown with the QR code"),
          global(
              "join_type",
              OptionType.oneOf("join", "register"),
              "join",
              "How the device is joined"),
          global("apply_policy", BOOL, false, "Enrol in Intune and apply its policies"));

  private SignInOptions() {}
}
