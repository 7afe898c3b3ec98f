package himmelblau.login.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Options of {@code [global]} that decide who enters, and how. */
@ObjectClassDefinition(name = "Sign-in")
public @interface LoginConfig {
  @AttributeDefinition(description = "Domains that may sign in")
  String[] domain() default {};

  @AttributeDefinition(description = "Older spelling of domain")
  String[] domains() default {};

  @AttributeDefinition(description = "Names and group object ids; none = everyone")
  String[] pam_allow_groups() default {};

  @AttributeDefinition(description = "Hello PINs; false = MFA at every sign-in")
  boolean enable_hello() default true;

  @AttributeDefinition(description = "The PIN is enough behind remote doors too")
  boolean allow_remote_hello() default true;

  @AttributeDefinition(description = "A local one-time code next to the PIN")
  boolean enable_hello_totp() default false;

  @AttributeDefinition(description = "Line above the PIN prompt")
  String hello_pin_prompt() default "Use the Linux Hello PIN for this device.";

  @AttributeDefinition(description = "Line above the password prompt")
  String entra_id_password_prompt() default
      "Use the password for your Office 365 or Microsoft online login.";

  @AttributeDefinition(description = "Password alone where MFA is not available, on a joined host")
  boolean enable_sfa_fallback() default false;

  @AttributeDefinition(description = "No MFA forced at the console")
  boolean allow_console_password_only() default true;

  @AttributeDefinition(description = "Parts of PAM service names that mean remote")
  String[] password_only_remote_services_deny_list() default {
    "ssh", "telnet", "ftp", "rsh", "rlogin", "rexec", "vnc", "xrdp", "cockpit", "mosh"
  };

  @AttributeDefinition(description = "Parts of PAM service names that show text with prompts only")
  String[] mfa_poll_prompt_services() default {"ssh", "cockpit"};

  @AttributeDefinition(description = "Preferred second factor; empty = the account's default")
  String mfa_method() default "";

  @AttributeDefinition(description = "false = always the device code flow")
  boolean enable_experimental_mfa() default true;

  @AttributeDefinition(description = "Offer passwordless sign-in with the authenticator app")
  boolean enable_passwordless() default true;

  @AttributeDefinition(description = "Fill new homes from /etc/skel")
  boolean use_etc_skel() default false;

  @AttributeDefinition(description = "Label new homes")
  boolean selinux() default true;

  @AttributeDefinition(description = "Seconds to wait for a plug-in that is being replaced")
  long connection_timeout() default 30;

  /** Makes settings of it. */
  final class Reader {
    private Reader() {}

    static LoginSettings read(LoginConfig config) {
      return new LoginSettings(
          domains(config),
          AccessList.read(config.pam_allow_groups()),
          config.enable_hello(),
          config.allow_remote_hello(),
          config.enable_hello_totp(),
          config.hello_pin_prompt(),
          config.entra_id_password_prompt(),
          config.enable_sfa_fallback(),
          config.allow_console_password_only(),
          words(config.password_only_remote_services_deny_list()),
          words(config.mfa_poll_prompt_services()),
          Optional.of(config.mfa_method().strip()).filter(method -> !method.isEmpty()),
          config.enable_experimental_mfa(),
          config.enable_passwordless(),
          config.use_etc_skel(),
          config.selinux(),
          Duration.ofSeconds(Math.max(0, config.connection_timeout())));
    }

    private static List<String> domains(LoginConfig config) {
      return Stream.concat(Arrays.stream(config.domains()), Arrays.stream(config.domain()))
          .map(domain -> domain.strip().toLowerCase(Locale.ROOT))
          .filter(domain -> !domain.isEmpty())
          .distinct()
          .toList();
    }

    /** An empty word would be part of every name. */
    private static List<String> words(String[] configured) {
      return Arrays.stream(configured).map(String::strip).filter(w -> !w.isEmpty()).toList();
    }
  }
}
