package himmelblau.directory.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.log.Log;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
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

  private final DirectoryEngine engine;
  private final RootTasks tasks;
  private final Thread thread;
  private String digest = ""; // of the following thread only

  @Activate
  public RuleNamesFollower(@Reference DirectoryComponent directory, @Reference RootTasks tasks) {
    this(directory.engine(), tasks);
  }

  RuleNamesFollower(DirectoryEngine engine, RootTasks tasks) {
    this.engine = engine;
    this.tasks = tasks;
    this.thread = Thread.ofVirtual().name("rule-names").start(this::follow);
  }

  @Deactivate
  void stop() {
    thread.interrupt();
  }

  private void follow() {
    long seen = System.nanoTime() - AT_LEAST.toNanos();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (tasks.connected()) {
          seen = System.nanoTime();
        } else if (System.nanoTime() - seen >= AT_LEAST.toNanos()) {
          seen = System.nanoTime();
          tasks.prepare();
        }
        if (!tasks.connected() || !ask()) {
          Thread.sleep(AGAIN);
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
    Set<String> mentioned = new LinkedHashSet<>(new String(names, UTF_8).lines().toList());
    engine.mentioned(mentioned);
    digest = new String(now, UTF_8);
    return true;
  }
}
