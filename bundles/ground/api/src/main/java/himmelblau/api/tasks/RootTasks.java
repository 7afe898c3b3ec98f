package himmelblau.api.tasks;

/** The daemon's side of the root helper. Thread-safe. */
public interface RootTasks {
  /**
   * Has a task done and waits for it, at most for its deadline. Never throws: no helper, a lost
   * helper and a late one are results.
   */
  TaskResult run(TaskRequest request);

  /** Whether a helper is connected. */
  boolean connected();
}
