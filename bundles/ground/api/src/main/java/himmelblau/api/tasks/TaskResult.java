package himmelblau.api.tasks;

import java.util.Map;

/**
 * How a task ended.
 *
 * @param detail for the log: what was done, or what failed, why and what to do; never a secret
 * @param values results, in the format of docs/protocol/tasks.md; usually empty
 */
public record TaskResult(Status status, String detail, Map<String, byte[]> values) {
  /** Numbers are those of the task socket's DONE frame. */
  public enum Status {
    DONE,
    REFUSED,
    FAILED,
    TIMED_OUT,
    NO_SUCH_TASK
  }

  public TaskResult {
    values = Map.copyOf(values);
  }

  /** Without values. */
  public TaskResult(Status status, String detail) {
    this(status, detail, Map.of());
  }

  public boolean done() {
    return status == Status.DONE;
  }
}
