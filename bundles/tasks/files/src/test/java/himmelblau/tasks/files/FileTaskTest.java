package himmelblau.tasks.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.junit.jupiter.api.Test;

class FileTaskTest {
  private static TaskResult run(FileTask.Work work) {
    return FileTask.run("stopped", work);
  }

  @Test
  void saysWhatWasDone() {
    assertEquals(new TaskResult(Status.DONE, "done"), run(() -> "done"));
  }

  @Test
  void refusesWhatIsNotSafeOrNotComplete() {
    assertEquals(
        new TaskResult(Status.REFUSED, "a link"),
        run(
            () -> {
              throw new FileRefused("a link");
            }));
    assertEquals(
        new TaskResult(Status.REFUSED, "uid is missing"),
        run(
            () -> {
              throw new IllegalArgumentException("uid is missing");
            }));
  }

  @Test
  void failsWithTheReason() {
    assertEquals(
        new TaskResult(Status.FAILED, "disk full"),
        run(
            () -> {
              throw new IOException("disk full");
            }));
  }

  @Test
  void anInterruptionIsATimeOut() {
    TaskResult stopped = new TaskResult(Status.TIMED_OUT, "stopped");
    assertEquals(
        stopped,
        run(
            () -> {
              throw new InterruptedException();
            }));
    assertEquals(
        stopped,
        run(
            () -> {
              throw new InterruptedIOException();
            }));
  }
}
