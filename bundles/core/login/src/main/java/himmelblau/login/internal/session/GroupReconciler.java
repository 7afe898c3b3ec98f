package himmelblau.login.internal.session;

import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.log.Log;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Checks the local groups of all users who have signed in here, periodically (host-behaviour 6.3):
 * an edit by an administrator, a changed option or a refreshed membership takes effect without a
 * new session. Where nothing of that has happened, the root helper is not asked, so that it need
 * not run.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class GroupReconciler {
  private static final Log LOG = Log.of(GroupReconciler.class);
  private static final Duration BUDGET = Duration.ofSeconds(5);

  /** Options of himmelblau.conf. */
  @ObjectClassDefinition(name = "Periodic check of local groups")
  public @interface Config {
    @AttributeDefinition(description = "Local groups that every user is added to")
    String[] local_groups() default {};

    @AttributeDefinition(description = "Object ids of groups whose members join local_sudo_group")
    String[] sudo_groups() default {};

    @AttributeDefinition(description = "Seconds between two checks; 0 = never")
    long local_groups_reconcile_interval() default 300;
  }

  private final Directory directory;
  private final Path groupFile;
  private volatile Config config;
  private volatile Thread thread;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable RootTasks tasks;

  @Activate
  public GroupReconciler(Config config, @Reference Directory directory) {
    this(config, directory, Path.of("/etc/group"));
  }

  GroupReconciler(Config config, Directory directory, Path groupFile) {
    this.config = config;
    this.directory = directory;
    this.groupFile = groupFile;
    this.thread = started();
  }

  /** A new interval begins at once. */
  @Modified
  void modified(Config now) {
    config = now;
    thread.interrupt();
    thread = started();
  }

  @Deactivate
  void stop() {
    thread.interrupt();
  }

  private Thread started() {
    return Thread.ofVirtual().name("local-groups").start(this::run);
  }

  private void run() {
    @Nullable GroupInputs checked = null;
    try {
      while (config.local_groups_reconcile_interval() > 0) {
        Thread.sleep(Duration.ofSeconds(config.local_groups_reconcile_interval()));
        RootTasks helper = tasks;
        if (helper != null && helper.available()) {
          checked = reconcile(helper, checked);
        }
      }
    } catch (InterruptedException stop) {
      // deactivated, or replaced
    }
  }

  /**
   * In sequence: no caller waits for it.
   *
   * @param before what the last check returned
   * @return what was checked; null unless all of it was
   */
  @Nullable GroupInputs reconcile(RootTasks helper, @Nullable GroupInputs before) {
    Config now = config;
    if (blank(now.local_groups()) && blank(now.sudo_groups())) {
      return null;
    }
    // Others were only looked up.
    List<Account> accounts =
        directory.accounts().stream().filter(account -> account.objectId().isPresent()).toList();
    @Nullable GroupInputs inputs = inputs(accounts);
    if (inputs != null && inputs.equals(before)) {
      return inputs;
    }
    return check(helper, accounts) ? inputs : null;
  }

  /** Null, which equals no earlier one, if the file cannot be read. */
  private @Nullable GroupInputs inputs(List<Account> accounts) {
    try {
      return GroupInputs.of(accounts, groupFile);
    } catch (IOException e) {
      LOG.debug("login.group_file", "file", groupFile, "reason", e);
      return null;
    }
  }

  private static boolean check(RootTasks helper, List<Account> accounts) {
    boolean all = true;
    for (Account account : accounts) {
      if (Thread.currentThread().isInterrupted() || !helper.available()) {
        return false;
      }
      TaskResult result = helper.run(GroupTask.of(account, BUDGET));
      all &= result.done();
      if (!result.done()) {
        LOG.warn(
            "login.groups",
            "account",
            account.name(),
            "status",
            result.status(),
            "detail",
            result.detail());
      }
    }
    return all;
  }

  private static boolean blank(String[] items) {
    return Arrays.stream(items).allMatch(String::isBlank);
  }
}
