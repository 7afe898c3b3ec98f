package himmelblau.tasks.kerberos.internal;

import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.tasks.files.FileRefused;
import java.io.IOException;

/** Makes a result of what work throws, as docs/protocol/tasks.md says. */
final class Failures {
  private Failures() {}

  /** Work that says itself how it ended. */
  interface Work {
    TaskResult run() throws IOException, InterruptedException;
  }

  static TaskResult asResult(Work work) {
    try {
      return work.run();
    } catch (FileRefused | IllegalArgumentException e) {
      return new TaskResult(Status.REFUSED, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return new TaskResult(Status.TIMED_OUT, "Stopped");
    } catch (IOException e) {
      return new TaskResult(Status.FAILED, String.valueOf(e.getMessage()));
    }
  }
}
