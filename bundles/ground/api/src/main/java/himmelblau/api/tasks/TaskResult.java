package himmelblau.api.tasks;

/**
 * How a task ended.
 *
 * @param detail for the log: what was done, or what failed, why and what to do; never a secret
 */
public record TaskResult(Status status, String detail) {
  /** Numbers are those of the task socket's DONE frame. */
  public enum Status {
    DONE,
    REFUSED,
    FAILED,
    TIMED_OUT,
    NO_SUCH_TASK
  }

  public boolean done() {
    return status == Status.DONE;
  }
}
