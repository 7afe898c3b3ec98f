package himmelblau.login.internal.settings;

import java.time.Duration;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Options of {@code [global]} for the steps after a sign-in. */
@ObjectClassDefinition(name = "Steps after a sign-in")
public @interface LogonConfig {
  @AttributeDefinition(description = "Program with arguments, run as root at each sign-in")
  String logon_script() default "";

  @AttributeDefinition(
      description = "Seconds until the program is killed and the sign-in is denied")
  long logon_script_timeout() default 60;

  @AttributeDefinition(description = "Show the user's picture at the greeter")
  boolean fetch_profile_picture() default true;

  /** Makes settings of it. */
  final class Reader {
    private Reader() {}

    public static LogonSettings read(LogonConfig config) {
      return new LogonSettings(
          !config.logon_script().isBlank(),
          Duration.ofSeconds(Math.max(1, config.logon_script_timeout())),
          config.fetch_profile_picture());
    }
  }
}
