package himmelblau.api.tasks;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The daemon's side of the root helper. Thread-safe. */
@ProviderType
public interface RootTasks {
  /**
   * Runs a task in the root helper and waits for it, at most until its deadline. Never throws: a
   * missing, lost or late helper is reported as a result.
   */
  TaskResult run(TaskRequest request);

  /** Whether a helper is connected. */
  boolean connected();

  /** What helpers have offered since the daemon started, in the order of the names. */
  default List<Offered> offered() {
    return List.of();
  }

  /**
   * A task.
   *
   * @param available whether the helper that is connected now offers it
   * @param since when that began
   */
  record Offered(String name, boolean available, Instant since) {}
}
