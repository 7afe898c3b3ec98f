package himmelblau.api.tasks;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Runs one kind of task in the OSGi framework of the root helper. One bundle each, with the
 * property {@link #TASK}. No value is trusted: names, paths and ids are checked again; files are
 * reached with openat(2) and O_NOFOLLOW wherever other users may write. No shell. Idempotent.
 * Thread-safe; several tasks at once.
 */
@ConsumerType
public interface TaskHandler {
  /** Service property: the task's name. */
  String TASK = "himmelblau.task";

  /**
   * Runs the task to its end; a refusal is returned, not thrown. The thread is interrupted after
   * the deadline.
   */
  TaskResult run(TaskRequest request);
}
