package himmelblau.tasks.loginuid.internal;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The task {@code login-uid} of docs/protocol/tasks.md: what the kernel keeps of the sign-in that a
 * process belongs to. Says it of any process, as the kernel does to everybody; who asks about a
 * process must hold it, so that its number cannot be that of a later one.
 */
@Component(property = TaskHandler.TASK + "=login-uid")
public final class LoginUidTask implements TaskHandler {
  private static final String VALUE = "login-uid";
  private static final int MOST_DIGITS = 10; // of an unsigned 32-bit number
  private static final long LARGEST_PID = 1L << 22; // proc_sys_kernel(5), pid_max

  private final Path processes;

  @Activate
  public LoginUidTask() {
    this(Path.of("/proc"));
  }

  LoginUidTask(Path processes) {
    this.processes = processes;
  }

  @Override
  public TaskResult run(TaskRequest request) {
    long pid;
    try {
      pid = request.number("pid");
    } catch (IllegalArgumentException e) {
      return new TaskResult(Status.REFUSED, String.valueOf(e.getMessage()));
    }
    if (pid == 0 || pid > LARGEST_PID) {
      return new TaskResult(Status.REFUSED, pid + " is the number of no process of this host");
    }
    try (InputStream in =
        Files.newInputStream(processes.resolve(Long.toString(pid)).resolve("loginuid"))) {
      String read = new String(in.readNBytes(MOST_DIGITS + 1), StandardCharsets.US_ASCII).strip();
      if (!read.matches("\\d{1," + MOST_DIGITS + "}")) {
        return new TaskResult(Status.FAILED, "The kernel says no login uid of process " + pid);
      }
      return new TaskResult(
          Status.DONE,
          "process " + pid + ": login uid " + read,
          Map.of(VALUE, read.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      return new TaskResult(
          Status.FAILED,
          "The login uid of process " + pid + " cannot be read (" + e.getMessage() + ")");
    }
  }
}
