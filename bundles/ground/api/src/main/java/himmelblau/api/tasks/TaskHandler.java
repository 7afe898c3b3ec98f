package himmelblau.api.tasks;

/**
 * Does one kind of task, in the root helper's own framework. One bundle each, with the property
 * {@link #TASK}. Every value is hostile: names, paths and ids are checked again; files are reached
 * with openat(2) and O_NOFOLLOW wherever somebody else may write. No shell. Idempotent.
 * Thread-safe; several tasks at once.
 */
public interface TaskHandler {
  /** Service property: the task's name. */
  String TASK = "himmelblau.task";

  /** Runs to its end; never throws for a refusal. The thread is interrupted past the deadline. */
  TaskResult run(TaskRequest request);
}
