package himmelblau.tasks.kerberos.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.tasks.files.AccountFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As root, with a program in the place of himmelblau_ccache that says what it was asked. */
final class KeepTaskTest {
  private static final byte[] CACHE = {5, 3, 0, 0, 1, 2, 3};

  private Path folder;
  private Path program;

  @BeforeEach
  void start() throws Exception {
    folder = Files.createTempDirectory(Path.of("/var/lib"), "krb-test");
    Files.writeString(folder.resolve("passwd"), "root:x:0:0::/:/bin/sh\nada:x:4711:4711::/:/x\n");
    program = folder.resolve("ccache");
    program("echo \"$1 $2:$3 $(env | grep -v -e ^PWD= -e ^SHLVL= -e ^_=) $(wc -c)\"");
  }

  private void program(String script) throws Exception {
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    mode("rwxr-xr-x");
  }

  private void mode(String mode) throws Exception {
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(mode));
  }

  @AfterEach
  void clean() throws Exception {
    try (var all = Files.walk(folder)) {
      for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private CacheProgram runner(Duration longest) {
    return new CacheProgram(program, (uid, gid) -> List.of(), longest);
  }

  private AccountFiles accounts() {
    return new AccountFiles(folder.toString(), folder.toString());
  }

  private TaskHandler keep() {
    return new KeepTask(runner(Duration.ofSeconds(10)), accounts());
  }

  private static TaskResult run(
      TaskHandler handler, String uid, String gid, String primary, byte[]... caches) {
    Map<String, byte[]> values = new HashMap<>();
    values.put("uid", uid.getBytes(StandardCharsets.UTF_8));
    values.put("gid", gid.getBytes(StandardCharsets.UTF_8));
    values.put("primary", primary.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < caches.length; i++) {
      values.put("cache." + i, caches[i]);
    }
    return handler.run(new TaskRequest("kerberos-keep", values, Duration.ofSeconds(20)));
  }

  @Test
  void runsTheProgramForEachCacheWithoutAnEnvironment() {
    TaskResult result = run(keep(), "500000", "500001", "1", CACHE, CACHE);
    assertEquals(Status.DONE, result.status(), result.detail());
    assertEquals(
        "keep 500000:500001 7, keep-primary 500000:500001 7",
        result.detail().replaceAll(" +", " "));
    assertTrue(run(keep(), "500000", "500001", "0", CACHE).detail().startsWith("keep 500000"));
  }

  @Test
  void theUnitIsTheUsersAndHasNoCapability() {
    List<String> words = KeepTask.UNIT.words(500000, 500001);
    assertTrue(words.contains("--property=User=500000"), words.toString());
    assertTrue(words.contains("--property=Group=500001"), words.toString());
    assertTrue(words.contains("--property=CapabilityBoundingSet="), words.toString());
    assertTrue(words.contains("--property=NoNewPrivileges=yes"), words.toString());
    assertEquals("--", words.getLast());
  }

  @Test
  void refusesReservedAndLocalAccounts() {
    for (String uid : new String[] {"0", "999", "65534", "4294967295", "4711", "x", "-1"}) {
      assertEquals(Status.REFUSED, run(keep(), uid, "500000", "1", CACHE).status(), uid);
    }
    for (String gid : new String[] {"0", "27", "65534"}) {
      assertEquals(Status.REFUSED, run(keep(), "500000", gid, "1", CACHE).status(), gid);
    }
    TaskHandler drop = new DropTask(runner(Duration.ofSeconds(10)), accounts());
    assertEquals(Status.REFUSED, run(drop, "4711", "4711", "0").status());
    assertTrue(run(drop, "500000", "500000", "0").detail().startsWith("drop 500000:500000"));
  }

  @Test
  void refusesWhatIsNoCache() {
    assertEquals(Status.REFUSED, run(keep(), "500000", "500000", "1").status());
    for (byte[] bad : new byte[][] {{}, {5}, {5, 4, 0}, "hello".getBytes(StandardCharsets.UTF_8)}) {
      assertEquals(Status.REFUSED, run(keep(), "500000", "500000", "1", bad).status());
    }
    byte[] large = new byte[(64 << 10) + 1];
    large[0] = 5;
    large[1] = 3;
    assertEquals(Status.REFUSED, run(keep(), "500000", "500000", "1", large).status());
    assertEquals(
        Status.REFUSED, run(keep(), "500000", "500000", "1", CACHE, CACHE, CACHE).status());
  }

  @Test
  void doesNotRunAProgramThatOthersMayWrite() throws Exception {
    mode("rwxrwxr-x");
    assertEquals(Status.REFUSED, run(keep(), "500000", "500000", "1", CACHE).status());
  }

  @Test
  void aUserWhoStopsItIsNotWaitedFor() throws Exception {
    program("kill -STOP $$");
    KeepTask task = new KeepTask(runner(Duration.ofMillis(300)), accounts());
    assertEquals(Status.TIMED_OUT, run(task, "500000", "500000", "1", CACHE).status());
  }

  @Test
  void saysWhatIsMissingAndBelievesNoControlCharacters() throws Exception {
    program("exit 3");
    TaskResult result = run(keep(), "500000", "500000", "1", CACHE);
    assertEquals(Status.FAILED, result.status());
    assertTrue(result.detail().contains("libkrb5-3"), result.detail());
    program("printf 'a\\nb\\033[31mc'; exit 4");
    result = run(keep(), "500000", "500000", "1", CACHE);
    assertEquals(Status.REFUSED, result.status());
    assertEquals("a b [31mc", result.detail());
  }
}
