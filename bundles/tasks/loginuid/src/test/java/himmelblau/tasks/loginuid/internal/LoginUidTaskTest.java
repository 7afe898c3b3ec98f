package himmelblau.tasks.loginuid.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginUidTaskTest {
  @TempDir Path processes;

  private static TaskResult run(LoginUidTask task, String pid) {
    return task.run(
        new TaskRequest(
            "login-uid",
            Map.of("pid", pid.getBytes(StandardCharsets.UTF_8)),
            Duration.ofSeconds(1)));
  }

  private TaskResult run(String pid) {
    return run(new LoginUidTask(processes), pid);
  }

  private void process(String pid, String loginUid) throws Exception {
    Files.createDirectories(processes.resolve(pid));
    Files.writeString(processes.resolve(pid).resolve("loginuid"), loginUid);
  }

  private static String value(TaskResult result) {
    assertEquals(Status.DONE, result.status(), result.detail());
    assertEquals(Set.of("login-uid"), result.values().keySet());
    return new String(result.values().get("login-uid"), StandardCharsets.US_ASCII);
  }

  @Test
  void saysWhatTheKernelSays() throws Exception {
    process("71", "1001");
    process("72", "4294967295\n");
    assertEquals("1001", value(run("71")));
    assertEquals("4294967295", value(run("72")));
    assertEquals(
        Files.readString(Path.of("/proc/self/loginuid")).strip(),
        value(run(new LoginUidTask(), Long.toString(ProcessHandle.current().pid()))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "4194305", "-1", "01", "self", "1/../72", "../72", "4294967296"})
  void whatIsNoProcessIsRefused(String pid) throws Exception {
    process("72", "1001");
    assertEquals(Status.REFUSED, run(pid).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "10.5", "42949672950"})
  void whatIsNoNumberIsAFailure(String loginUid) throws Exception {
    process("71", loginUid);
    assertEquals(Status.FAILED, run("71").status());
    assertEquals(Status.FAILED, run("99").status(), "no such process");
  }
}
