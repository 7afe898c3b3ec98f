package himmelblau.api.tasks;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The daemon's side of the root helper. The helper need not run while there is nothing to do: a
 * task starts it, and some time after the last one it ends. Thread-safe.
 */
@ProviderType
public interface RootTasks {
  /**
   * Runs a task in the root helper and waits for it, at most until its deadline; in addition, for
   * some seconds, for a helper that has to start first. Never throws: a missing, lost or late
   * helper is reported as a result.
   */
  TaskResult run(TaskRequest request);

  /**
   * Runs a task whose answer is a later change. Unlike {@link #run} it neither starts a helper nor
   * keeps it running: it fails at once when none is connected, and when the helper ends because
   * there is nothing to do.
   */
  TaskResult watch(TaskRequest request);

  /**
   * Says that tasks are likely to follow soon, so that a helper which does not run is started
   * meanwhile. Does not wait.
   */
  void prepare();

  /** Whether a helper is connected now. */
  boolean connected();

  /**
   * Whether tasks can be run: a helper is connected, or ended because there was nothing to do and
   * will be started for the next one.
   */
  boolean available();

  /** What helpers have offered since the daemon started, in the order of the names. */
  default List<Offered> offered() {
    return List.of();
  }

  /**
   * A task.
   *
   * @param available whether the helper that is connected now offers it, or the last one did if it
   *     ended because there was nothing to do
   * @param since when that began
   */
  record Offered(String name, boolean available, Instant since) {}
}
