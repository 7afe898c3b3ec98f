package himmelblau.api.tasks;

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
}
