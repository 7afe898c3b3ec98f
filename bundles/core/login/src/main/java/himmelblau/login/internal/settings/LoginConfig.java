package himmelblau.login.internal.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Options of {@code [global]} that decide who may sign in, and how. */
@ObjectClassDefinition(name = "Sign-in")
public @interface LoginConfig {
  @AttributeDefinition(description = "Domains whose users may sign in")
  String[] domain() default {};

  @AttributeDefinition(description = "Older spelling of domain")
  String[] domains() default {};

  @AttributeDefinition(
      description = "User names and group object ids that may sign in; empty = everyone")
  String[] pam_allow_groups() default {};

  @AttributeDefinition(description = "Use Hello PINs; false = MFA at every sign-in")
  boolean enable_hello() default true;

  @AttributeDefinition(description = "Accept the PIN for remote sign-ins too")
  boolean allow_remote_hello() default true;

  @AttributeDefinition(
      description = "Let users of remote sign-ins set up their second factor in a browser")
  boolean allow_remote_registration() default true;

  @AttributeDefinition(description = "Require a local one-time code in addition to the PIN")
  boolean enable_hello_totp() default false;

  @AttributeDefinition(description = "Text above the PIN prompt")
  String hello_pin_prompt() default "Use the Linux Hello PIN for this device.";

  @AttributeDefinition(description = "Text above the password prompt")
  String entra_id_password_prompt() default
      "Use the password for your Office 365 or Microsoft online login.";

  @AttributeDefinition(
      description = "Accept the password alone on a joined host when MFA is not available")
  boolean enable_sfa_fallback() default false;

  @AttributeDefinition(description = "Do not force MFA at the console")
  boolean allow_console_password_only() default true;

  @AttributeDefinition(description = "Substrings of PAM service names that are treated as remote")
  String[] password_only_remote_services_deny_list() default {
    "ssh", "telnet", "ftp", "rsh", "rlogin", "rexec", "vnc", "xrdp", "cockpit", "mosh"
  };

  @AttributeDefinition(
      description = "Substrings of names of PAM services that show text only with a prompt")
  String[] mfa_poll_prompt_services() default {"ssh", "cockpit"};

  @AttributeDefinition(description = "Preferred second factor; empty = the account's default")
  String mfa_method() default "";

  @AttributeDefinition(description = "false = always use the device code flow")
  boolean enable_experimental_mfa() default true;

  @AttributeDefinition(description = "Offer passwordless sign-in with the authenticator app")
  boolean enable_passwordless() default true;

  @AttributeDefinition(description = "Copy /etc/skel to new home directories")
  boolean use_etc_skel() default false;

  @AttributeDefinition(description = "Set SELinux labels on new home directories")
  boolean selinux() default true;

  @AttributeDefinition(description = "Seconds to wait for a plug-in that is being replaced")
  long connection_timeout() default 30;

  /** Makes settings of it. */
  final class Reader {
    private Reader() {}

    public static LoginSettings read(LoginConfig config) {
      return new LoginSettings(
          domains(config),
          AccessList.read(config.pam_allow_groups()),
          config.enable_hello(),
          config.allow_remote_hello(),
          config.allow_remote_registration(),
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

    /** An empty entry would be a substring of every name. */
    private static List<String> words(String[] configured) {
      return Arrays.stream(configured).map(String::strip).filter(w -> !w.isEmpty()).toList();
    }
  }
}
