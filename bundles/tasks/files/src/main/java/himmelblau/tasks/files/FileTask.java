package himmelblau.tasks.files;

import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Runs the work of a task on files. What the work throws becomes the status that
 * docs/protocol/tasks.md gives it: refused, failed or timed out.
 */
public final class FileTask {
  private FileTask() {}

  /** Returns what was done, for the log. */
  @FunctionalInterface
  public interface Work {
    String run() throws IOException, InterruptedException;
  }

  /**
   * @param interrupted what the result says if the task was interrupted
   */
  public static TaskResult run(String interrupted, Work work) {
    try {
      return new TaskResult(Status.DONE, work.run());
    } catch (FileRefused | IllegalArgumentException e) {
      return new TaskResult(Status.REFUSED, String.valueOf(e.getMessage()));
    } catch (InterruptedIOException | InterruptedException e) {
      return new TaskResult(Status.TIMED_OUT, interrupted);
    } catch (IOException e) {
      return new TaskResult(Status.FAILED, String.valueOf(e.getMessage()));
    }
  }
}
