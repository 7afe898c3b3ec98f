package himmelblau.tasks.script.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.contract.tasks.RootOnlyDirectory;
import himmelblau.tasks.script.internal.ScriptTask.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ScriptTaskTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private Path script(String body) throws IOException {
    Path script = Files.writeString(root.resolve("script"), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private static TaskResult run(String option, Duration longest, String user) {
    return new ScriptTask(new Settings(option, longest))
        .run(
            new TaskRequest(
                "script",
                Map.of(
                    "user", user.getBytes(StandardCharsets.UTF_8),
                    "token", "t0ken".getBytes(StandardCharsets.UTF_8)),
                LONG));
  }

  private static TaskResult run(String option) {
    return run(option, LONG, "user02@example.org");
  }

  @ParameterizedTest
  @CsvSource({
    "exit 0, DONE",
    "exit 1, DONE",
    "exit 3, DONE",
    "exit 2, REFUSED",
    "kill -9 $$, REFUSED",
    "kill -TERM $$, REFUSED"
  })
  void onlyTwoAndASignalDeny(String body, Status status) throws Exception {
    assertEquals(status, run(script(body).toString()).status());
  }

  @Test
  void itsEnvironmentIsItsOwnAndNoShellReadsItsArguments() throws Exception {
    Path out = root.resolve("out");
    String option = script("{ env; printf '%s\\n' \"$@\"; } > " + out) + "  $HOME ;id  `id`";
    assertEquals(Status.DONE, run(option).status());
    List<String> lines = Files.readAllLines(out);
    assertTrue(lines.contains("USERNAME=user02@example.org"), lines.toString());
    assertTrue(lines.contains("ACCESS_TOKEN=t0ken"), lines.toString());
    assertTrue(lines.containsAll(List.of("$HOME", ";id", "`id`")), lines.toString());
    long variables = lines.stream().filter(line -> line.contains("=")).count();
    assertTrue(variables <= 7, "PWD, OLDPWD, _ and SHLVL are the shell's own: " + lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"#!/nonexistent/interpreter\nexit 0\n", "#!/\n"})
  void oneThatCannotBeRunDenies(String content) throws Exception {
    Path script = script("");
    Files.writeString(script, content);
    TaskResult result = run(script.toString());
    assertEquals(Status.REFUSED, result.status(), result.detail());
  }

  @Test
  void itsOwn127IsAFailureLikeAnyOther() throws Exception {
    assertEquals(Status.DONE, run(script("/no/such/program").toString()).status());
    assertEquals(Status.DONE, run(script("exit 126").toString()).status());
  }

  @Test
  void aLateScriptIsKilledWithAllItStarted() throws Exception {
    Path pid = root.resolve("pid");
    Path script = script("sleep 1000 & echo $! > " + pid + "; wait");
    TaskResult result = run(script.toString(), Duration.ofSeconds(1), "user02@example.org");
    assertEquals(Status.TIMED_OUT, result.status(), result.detail());
    long child = Long.parseLong(Files.readString(pid).strip());
    ProcessHandle.of(child)
        .ifPresent(
            left -> left.onExit().orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join());
    assertFalse(ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void muchOutputDoesNotHoldIt() throws Exception {
    TaskResult result = run(script("head -c 1000000 /dev/zero | tr '\\0' x; exit 1").toString());
    assertEquals(Status.DONE, result.status());
  }

  @Test
  void whatOthersCouldHaveWrittenIsNotRun() throws Exception {
    Path script = script("touch " + root.resolve("ran"));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertEquals(Status.REFUSED, run(script.toString()).status());
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(Status.REFUSED, run(script.toString()).status());
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setAttribute(script, "unix:uid", 4711);
    assertEquals(Status.REFUSED, run(script.toString()).status());
    Files.setAttribute(script, "unix:uid", 0);
    Path link = Files.createSymbolicLink(root.resolve("link"), script);
    assertEquals(Status.REFUSED, run(link.toString()).status());
    assertEquals(Status.REFUSED, run("script").status());
    assertEquals(Status.REFUSED, run(root.resolve("missing").toString()).status());
    assertFalse(Files.exists(root.resolve("ran")));
    assertEquals(Status.DONE, run(script.toString()).status());
    assertTrue(Files.exists(root.resolve("ran")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user02", "a@b\nX=1", "a b@c"})
  void onlyUpnsAreNamed(String user) throws Exception {
    Path script = script("touch " + root.resolve("ran"));
    assertEquals(Status.REFUSED, run(script.toString(), LONG, user).status());
    assertFalse(Files.exists(root.resolve("ran")));
  }

  @Test
  void withoutAScriptThereIsNothingToDo() {
    assertEquals(Status.DONE, run("").status());
  }
}
