package himmelblau.tasks.kerberos.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As root: the folder must belong to it, and all folders above. */
final class RealmTaskTest {
  private static final String TENANT = "1c0de5a1-7e57-4a11-8000-e8a3910a0001";

  private Path etc;
  private Path file;
  private RealmTask task;

  @BeforeEach
  void start() throws Exception {
    etc = Files.createTempDirectory(Path.of("/var/lib"), "krb-test");
    file = etc.resolve("krb5.conf.d/himmelblau_" + TENANT + ".conf");
    task = new RealmTask(etc.toString());
  }

  @AfterEach
  void clean() throws Exception {
    try (var all = Files.walk(etc)) {
      for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private TaskResult run(String... values) {
    Map<String, byte[]> map = new HashMap<>();
    for (int i = 0; i < values.length; i += 2) {
      map.put(values[i], values[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return task.run(new TaskRequest("kerberos-realm", map, Duration.ofSeconds(1)));
  }

  @Test
  void writesWhatTheReferencePrescribes() throws Exception {
    assertEquals(
        Status.DONE,
        run("tenant", TENANT, "suffix.0", ".windows.net", "suffix.1", ".windows.net:1433")
            .status());
    assertEquals(
        """
        [libdefaults]
          dns_canonicalize_hostname = false
        [realms]
          KERBEROS.MICROSOFTONLINE.COM = {
            kdc = https://login.microsoftonline.com/1c0de5a1-7e57-4a11-8000-e8a3910a0001/kerberos
          }
        [domain_realm]
          .windows.net = KERBEROS.MICROSOFTONLINE.COM
        """,
        Files.readString(file));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(run("tenant", TENANT, "suffix.0", ".windows.net").detail().endsWith("unchanged"));
  }

  @Test
  void aSuffixCannotWriteAnotherLine() throws Exception {
    run(
        "tenant",
        TENANT,
        "suffix.0",
        "x = Y",
        "suffix.1",
        "a}b",
        "suffix.2",
        "[realms]",
        "suffix.3",
        "..",
        "suffix.4",
        "good.example");
    String text = Files.readString(file);
    assertTrue(
        text.endsWith("[domain_realm]\n  good.example = KERBEROS.MICROSOFTONLINE.COM\n"), text);
    assertEquals(Status.REFUSED, run("tenant", TENANT, "suffix.0", "a\n[libdefaults]").status());
  }

  @Test
  void refusesATenantThatIsNoUuid() {
    for (String bad : new String[] {"../../x", TENANT + "/", TENANT.replace('1', 'g'), "x"}) {
      assertEquals(Status.REFUSED, run("tenant", bad).status(), bad);
    }
  }

  @Test
  void followsNoLink() throws Exception {
    run("tenant", TENANT);
    Path target = Files.writeString(etc.resolve("target"), "untouched");
    Files.delete(file);
    Files.createSymbolicLink(file, target);
    assertEquals(Status.REFUSED, run("tenant", TENANT).status());
    assertEquals("untouched", Files.readString(target));
  }

  @Test
  void refusesAFolderThatOthersMayWriteTo() throws Exception {
    Path folder = Files.createDirectory(etc.resolve("krb5.conf.d"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(Status.REFUSED, run("tenant", TENANT).status());
  }

  @Test
  void removesItsOwnFilesOnly() throws Exception {
    assertEquals(Status.DONE, run().status());
    run("tenant", TENANT);
    Path other = Files.writeString(etc.resolve("krb5.conf.d/himmelblau_own.conf"), "x");
    assertTrue(run().detail().contains(TENANT));
    assertFalse(Files.exists(file));
    assertTrue(Files.exists(other));
  }
}
