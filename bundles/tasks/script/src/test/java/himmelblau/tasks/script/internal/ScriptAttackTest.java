package himmelblau.tasks.script.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.contract.tasks.Attacker;
import himmelblau.contract.tasks.RootOnlyDirectory;
import himmelblau.tasks.script.internal.ScriptTask.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An attacker who wants to run a program as root. */
@Timeout(120)
class ScriptAttackTest {
  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private Path real;
  private Path evil;

  @BeforeEach
  void prepare() throws Exception {
    real = Files.createDirectory(root.resolve("real"));
    evil = Files.createDirectory(root.resolve("evil"));
    program(real.resolve("script"), "exit 0");
    program(evil.resolve("script"), "touch " + root.resolve("ran"));
    own(evil.resolve("script"));
    own(evil);
  }

  private static Path program(Path path, String body) throws IOException {
    Files.writeString(path, "#!/bin/sh\n" + body + "\n");
    return mode(path, "rwxr-xr-x");
  }

  private static Path mode(Path path, String mode) throws IOException {
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", Attacker.FOREIGN);
  }

  private static Status run(Path script) {
    return new ScriptTask(new Settings(script.toString(), Duration.ofSeconds(30)))
        .run(
            new TaskRequest(
                "script",
                Map.of("user", "user02@example.org".getBytes(StandardCharsets.UTF_8)),
                Duration.ofSeconds(1)))
        .status();
  }

  private void refused(Path script) {
    assertEquals(Status.REFUSED, run(script));
    assertFalse(Files.exists(root.resolve("ran")), "it ran");
  }

  @Test
  void aProgramThatIsTheirsEverySecondMomentIsNotTrusted() throws Exception {
    try (Attacker attacker =
        Attacker.exchanging(real.resolve("script"), real.resolve("trap"), evil.resolve("script"))) {
      attacker.race(round -> check(real.resolve("script")), true, false);
    }
  }

  @Test
  void aDirectoryThatIsTheirsEverySecondMomentIsNotTrusted() throws Exception {
    try (Attacker attacker = Attacker.exchanging(real, root.resolve("trap"), evil)) {
      attacker.race(round -> check(real.resolve("script")), true, false);
    }
  }

  /** True when it was taken for root's; what is taken must be so, whatever moves. */
  private static boolean check(Path script) throws Exception {
    try {
      Script.of(script.toString()).check();
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void theirProgramThroughALinkOfRootsOrOfTheirsIsNotRun() throws Exception {
    refused(evil.resolve("script"));
    refused(Files.createSymbolicLink(root.resolve("roots"), evil).resolve("script"));
    refused(Attacker.foreignLink(root.resolve("theirs"), real).resolve("script"));
    refused(Attacker.foreignLink(root.resolve("direct"), real.resolve("script")));
  }

  /** A hard link gives root's own program another name, in a directory where that may change. */
  @Test
  void anotherNameInADirectoryOfTheirsIsNotRun() throws Exception {
    refused(Files.createLink(evil.resolve("harmless"), real.resolve("script")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx", "rwxrwxrwx"})
  void aDirectoryThatOthersMayWriteIsNotTrustedAtAnyDepth(String mode) throws Exception {
    Path below = program(Files.createDirectory(real.resolve("below")).resolve("script"), "exit 0");
    assertEquals(Status.DONE, run(below));
    mode(real, mode);
    refused(below);
    assertEquals(
        0, new ProcessBuilder("chmod", "+t", real.toString()).start().waitFor(), "as /tmp is");
    refused(below);
  }

  @Test
  void aPipeADirectoryAndADeviceAreNoPrograms() throws Exception {
    Path pipe = real.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", "-m", "755", pipe.toString()).start().waitFor());
    refused(pipe);
    refused(real);
    refused(Path.of("/dev/null"));
  }

  /** Who left the process group keeps neither the sign-in nor a descriptor or thread of ours. */
  @Test
  void whatRunsOnBehindTheScriptHoldsNothing() throws Exception {
    Path pids = root.resolve("pids");
    String leaves = "setsid sh -c 'echo $$ >>" + pids + "; exec sleep 60' & sleep 0.1";
    Path script = program(real.resolve("leaver"), leaves);
    run(script);
    long reference = signIns(program(real.resolve("plain"), "sleep 0.1"));
    long threads = entries("task");
    long files = entries("fd");
    long took = signIns(script);
    try {
      assertTrue(entries("fd") < files + 10, "descriptors: " + files + " to " + entries("fd"));
      assertTrue(entries("task") < threads + 10, "threads: " + threads + ", " + entries("task"));
      assertTrue(
          took < 4 * reference,
          "20 sign-ins took " + took + " ms, without a process that stays " + reference + " ms");
    } finally {
      for (String pid : Files.readAllLines(pids)) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** How many milliseconds 20 of them take. */
  private static long signIns(Path script) {
    long began = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertEquals(Status.DONE, run(script));
    }
    return (System.nanoTime() - began) / 1_000_000;
  }

  private static long entries(String kind) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self", kind))) {
      return open.count();
    }
  }
}
