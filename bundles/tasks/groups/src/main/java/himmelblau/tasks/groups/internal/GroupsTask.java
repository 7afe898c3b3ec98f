package himmelblau.tasks.groups.internal;

import himmelblau.api.log.Log;
import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.tasks.files.AccountFiles;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.files.FileTask;
import himmelblau.tasks.files.StateDirectory;
import himmelblau.tasks.groups.internal.LocalGroups.Rules;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The task {@code groups} of docs/protocol/tasks.md. */
@Component(
    property = TaskHandler.TASK + "=groups",
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class GroupsTask implements TaskHandler {
  /** Options of himmelblau.conf. */
  @ObjectClassDefinition(name = "Local groups")
  @interface Config {
    @AttributeDefinition(description = "Local groups that every user is added to")
    String[] local_groups() default {};

    @AttributeDefinition(description = "Object ids of groups whose members join local_sudo_group")
    String[] sudo_groups() default {};

    @AttributeDefinition(description = "The local group that may use sudo")
    String local_sudo_group() default "sudo";
  }

  private static final Log LOG = Log.of(GroupsTask.class);
  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final AccountFiles accounts;
  private final LocalGroups groups;
  private volatile Rules rules;
  private volatile @Nullable Thread sweeper;

  @Activate
  public GroupsTask(Config config) throws IOException {
    this(rules(config), "/etc", StateDirectory.make());
    sweeper = sweeping();
  }

  GroupsTask(Rules rules, String accounts, String state) {
    this.rules = rules;
    this.accounts = new AccountFiles(accounts, accounts);
    this.groups = new LocalGroups(this.accounts, new AccountFiles(state, accounts));
  }

  static Rules rules(Config config) {
    return new Rules(
        filled(config.local_groups()).toList(),
        config.local_sudo_group(),
        filled(config.sudo_groups())
            .map(id -> id.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static java.util.stream.Stream<String> filled(String[] items) {
    return Arrays.stream(items).filter(item -> !item.isEmpty());
  }

  @Modified
  void modified(Config config) {
    rules = rules(config);
    stop();
    sweeper = sweeping();
  }

  @Deactivate
  void stop() {
    Thread running = sweeper;
    if (running != null) {
      running.interrupt();
    }
  }

  /** A removed option requests nothing, so no later task would remove the memberships. */
  private Thread sweeping() {
    return Thread.ofVirtual()
        .name("local-groups-sweep")
        .start(
            () -> {
              try {
                Thread.sleep(QUIET); // an administrator may still be editing
                while (!sweep()) {
                  Thread.sleep(AGAIN);
                }
              } catch (InterruptedException stopped) {
                // another configuration, or the end
              }
            });
  }

  /** Returns whether that is done. */
  boolean sweep() throws InterruptedException {
    try {
      Set<String> local =
          accounts.lines("passwd").stream()
              .map(line -> line.split(":", 2)[0])
              .collect(Collectors.toUnmodifiableSet());
      List<String> done = groups.sweep(rules, local);
      if (!done.isEmpty()) {
        LOG.info("groups.swept", "detail", String.join("; ", done));
      }
      return true;
    } catch (IOException e) {
      LOG.warn("groups.sweep_failed", "why", e.getMessage());
      return false;
    }
  }

  @Override
  public TaskResult run(TaskRequest request) {
    return FileTask.run("Stopped while waiting for the account files", () -> apply(request));
  }

  private String apply(TaskRequest request) throws IOException, InterruptedException {
    String user = request.required("user");
    checkName(user);
    checkNotLocal(user);
    Set<String> ids =
        request.texts("group").stream()
            .map(id -> id.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    List<String> done = groups.apply(user, ids, rules);
    return user + ": " + (done.isEmpty() ? "no change needed" : String.join("; ", done));
  }

  /** A name that is valid in a list of members. */
  private static void checkName(String user) throws FileRefused {
    boolean good =
        user.length() <= 256
            && !user.startsWith("-")
            && !user.startsWith("+")
            && user.codePoints()
                .noneMatch(
                    c ->
                        c == ':'
                            || c == ','
                            || c == '/'
                            || Character.isWhitespace(c)
                            || Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT);
    if (!good) {
      throw new FileRefused("\"" + user + "\" cannot be a member of a local group");
    }
  }

  /** Local users are the administrator's business alone. */
  private void checkNotLocal(String user) throws IOException {
    String prefix = AccountFiles.raw(user) + ":";
    if (accounts.lines("passwd").stream().anyMatch(line -> line.startsWith(prefix))) {
      throw new FileRefused(user + " is a local account; its groups are left alone");
    }
  }
}
