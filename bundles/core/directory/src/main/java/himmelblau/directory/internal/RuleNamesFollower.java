package himmelblau.directory.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.log.Log;
import himmelblau.api.store.StoreException;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Asks the root helper which names the rules of sudo, sshd and polkit mention. The task answers
 * when they change, so one request is always pending while a helper runs (docs/protocol/tasks.md);
 * systemd starts a helper when such a rule is changed.
 */
@Component(
    service = {},
    immediate = true)
public final class RuleNamesFollower {
  static final String TASK = "rule-names";
  static final int MOST_BYTES = 60_000;

  private static final Log LOG = Log.of(RuleNamesFollower.class);
  private static final Duration BUDGET = Duration.ofMinutes(9);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** For rules in files that himmelblaud-tasks.path does not name, such as included ones. */
  private static final Duration AT_LEAST = Duration.ofMinutes(15);

  private final Consumer<Set<String>> mentioned;
  private final RootTasks tasks;
  private final Duration again;
  private final Duration atLeast;
  private final Thread thread;
  // Of the following thread only:
  private String digest = "";
  private boolean failing;

  @Activate
  public RuleNamesFollower(@Reference DirectoryComponent directory, @Reference RootTasks tasks) {
    this(directory.engine()::mentioned, tasks, AGAIN, AT_LEAST);
  }

  /**
   * @param mentioned is told the names
   * @param again how long to wait for a helper, and after a failure
   * @param atLeast after how long without a helper one is started
   */
  RuleNamesFollower(
      Consumer<Set<String>> mentioned, RootTasks tasks, Duration again, Duration atLeast) {
    this.mentioned = mentioned;
    this.tasks = tasks;
    this.again = again;
    this.atLeast = atLeast;
    this.thread = Thread.ofVirtual().name("rule-names").start(this::follow);
  }

  @Deactivate
  void stop() {
    thread.interrupt();
  }

  private void follow() {
    long seen = System.nanoTime() - atLeast.toNanos();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (tasks.connected()) {
          seen = System.nanoTime();
        } else if (System.nanoTime() - seen >= atLeast.toNanos()) {
          seen = System.nanoTime();
          tasks.prepare();
        }
        if (!tasks.connected() || !ask()) {
          Thread.sleep(again);
        }
      }
    } catch (InterruptedException stop) {
      // deactivated
    }
  }

  /** Whether there was an answer. */
  private boolean ask() {
    TaskResult result =
        tasks.watch(new TaskRequest(TASK, Map.of("known", digest.getBytes(UTF_8)), BUDGET));
    byte[] names = result.values().get("names");
    byte[] now = result.values().get("digest");
    if (!result.done() || names == null || now == null || names.length > MOST_BYTES) {
      LOG.debug("directory.rule_names", "status", result.status(), "detail", result.detail());
      return false;
    }
    try {
      mentioned.accept(new LinkedHashSet<>(new String(names, UTF_8).lines().toList()));
    } catch (StoreException e) { // tried again: until then the names of before count
      if (!failing) {
        LOG.error("directory.rule_names_not_stored", e);
      }
      failing = true;
      return false;
    }
    failing = false;
    digest = new String(now, UTF_8);
    return true;
  }
}
