package himmelblau.tasks.script.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.log.Log;
import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.tasks.files.FileRefused;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The task {@code script} of docs/protocol/tasks.md. */
@Component(
    property = TaskHandler.TASK + "=script",
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ScriptTask implements TaskHandler {
  private static final Log LOG = Log.of(ScriptTask.class);
  private static final int DENY = 2;
  private static final int SIGNALLED = 128;
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Options of himmelblau.conf. */
  @ObjectClassDefinition(name = "Logon script")
  @interface Config {
    @AttributeDefinition(description = "Program with arguments, run as root at each sign-in")
    String logon_script() default "";

    @AttributeDefinition(description = "Seconds until the program is killed")
    long logon_script_timeout() default 60;
  }

  private volatile Settings settings;

  record Settings(String script, Duration longest) {}

  @Activate
  public ScriptTask(Config config) {
    this(settings(config));
  }

  ScriptTask(Settings settings) {
    this.settings = settings;
  }

  private static Settings settings(Config config) {
    return new Settings(config.logon_script(), Duration.ofSeconds(config.logon_script_timeout()));
  }

  @Modified
  void modified(Config config) {
    settings = settings(config);
  }

  @Override
  public TaskResult run(TaskRequest request) {
    Settings now = settings;
    if (now.script().isBlank()) {
      return new TaskResult(Status.DONE, "No logon script is configured");
    }
    try {
      AccountName user =
          AccountName.parse(request.required("user"))
              .orElseThrow(() -> new IllegalArgumentException("user is not a UPN"));
      String token = request.text("token").orElse("");
      Script script = Script.of(now.script());
      script.check();
      return judge(
          ScriptRun.run(
              script.words(),
              Map.of("USERNAME", user.upn(), "ACCESS_TOKEN", token, "PATH", PATH, "HOME", "/root"),
              now.longest()));
    } catch (FileRefused | IllegalArgumentException e) {
      return new TaskResult(Status.REFUSED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      // Not executable after all, no interpreter, no setsid: as if it had denied.
      return new TaskResult(Status.REFUSED, "The logon script cannot run: " + e.getMessage());
    } catch (InterruptedException e) {
      return new TaskResult(Status.TIMED_OUT, "The logon script was stopped");
    }
  }

  /**
   * Only 2, a signal and a time-out deny; a script that fails in another way does not deny the
   * sign-in.
   */
  private static TaskResult judge(ScriptRun.ScriptResult result) {
    if (result.timedOut()) {
      return new TaskResult(Status.TIMED_OUT, "Execution of logon script timed out");
    }
    if (result.status() != 0) {
      LOG.warn("script.status", "status", result.status(), "output", result.output());
    }
    if (result.notRun()) {
      return new TaskResult(
          Status.REFUSED, "The logon script cannot run: is its interpreter installed?");
    }
    if (result.status() == DENY || result.status() > SIGNALLED) {
      return new TaskResult(
          Status.REFUSED, "Authentication was explicitly denied by the logon script");
    }
    return new TaskResult(Status.DONE, "The logon script ended with " + result.status());
  }
}
