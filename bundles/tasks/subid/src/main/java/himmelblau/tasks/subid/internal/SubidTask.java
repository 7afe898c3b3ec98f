package himmelblau.tasks.subid.internal;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.tasks.files.AccountFiles;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.files.FileTask;
import himmelblau.tasks.files.StateDirectory;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The task {@code subids} of docs/protocol/tasks.md. */
@Component(
    property = TaskHandler.TASK + "=subids",
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class SubidTask implements TaskHandler {
  /** Options of himmelblau.conf. */
  @ObjectClassDefinition(name = "Subordinate ids")
  @interface Config {
    @AttributeDefinition(description = "MIN-MAX of all subordinate ids")
    String subid_range() default "2100000000-4200000000";
  }

  private final SubidFiles files;
  private volatile SubidRanges slots;

  @Activate
  public SubidTask(Config config) throws IOException {
    this(config.subid_range(), "/etc", StateDirectory.make());
  }

  SubidTask(String range, String directory, String state) {
    this.slots = SubidRanges.of(range);
    this.files =
        new SubidFiles(
            new AccountFiles(directory, directory),
            new SubidOwners(new AccountFiles(state, directory)));
  }

  @Modified
  void modified(Config config) {
    slots = SubidRanges.of(config.subid_range());
  }

  @Override
  public TaskResult run(TaskRequest request) {
    return FileTask.run("Stopped while waiting for the account files", () -> give(request));
  }

  private String give(TaskRequest request) throws IOException, InterruptedException {
    String user = request.required("user");
    checkName(user);
    long uid = request.number("uid");
    if (uid < 1000 || (uid > 60000 && uid < 65536)) {
      throw new FileRefused("uid " + uid + " is reserved for the system");
    }
    SubidRanges from = slots;
    Optional<String> obstacle = from.obstacle();
    if (obstacle.isPresent()) {
      throw new FileRefused(obstacle.get());
    }
    return user + ": " + files.give(user, uid, request.text("id").map(UUID::fromString), from);
  }

  /** A name that cannot be another line, another field or a number. */
  private static void checkName(String user) throws FileRefused {
    boolean good =
        user.length() <= 256
            && !user.startsWith("-")
            && !user.chars().allMatch(c -> c >= '0' && c <= '9')
            && user.codePoints()
                .noneMatch(
                    c ->
                        c == ':'
                            || Character.isWhitespace(c)
                            || Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT);
    if (!good) {
      throw new FileRefused("\"" + user + "\" cannot have subordinate ids");
    }
  }
}
