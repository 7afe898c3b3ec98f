package himmelblau.tasks.subid.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.contract.tasks.Attacker;
import himmelblau.contract.tasks.RootOnlyDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attacker who replaces the files while subordinate ids are assigned. */
class SubidAttackTest {
  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aFileThatIsALinkEverySecondMomentIsNotWrittenThrough() throws Exception {
    Path victim = Files.writeString(root.resolve("victim"), "secret\n");
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("subuid"), "alice:100000:65536\n");
    try (Attacker attacker =
        Attacker.exchanging(etc.resolve("subuid"), etc.resolve("trap"), victim)) {
      attacker.race(round -> run(etc, "user" + round), Status.DONE, Status.REFUSED);
    }
    assertEquals("secret\n", Files.readString(victim));
    assertEquals(0, (int) (Integer) Files.getAttribute(victim, "unix:uid"));
  }

  @Test
  void aLinkInPlaceOfTheFileIsRefused() throws Exception {
    Path victim = Files.writeString(root.resolve("victim"), "secret\n");
    Path etc = Files.createDirectory(root.resolve("etc"));
    Attacker.foreignLink(etc.resolve("subuid"), victim);
    assertEquals(Status.REFUSED, run(etc, "user02"));
    assertEquals("secret\n", Files.readString(victim));
  }

  @Test
  void anotherNameOfTheFileKeepsItsContent() throws Exception {
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("subuid"), "alice:100000:65536\n");
    Path other = Files.createLink(root.resolve("other"), etc.resolve("subuid"));
    String before = Files.readString(other);
    assertEquals(Status.DONE, run(etc, "user02"));
    assertEquals(before, Files.readString(other));
    assertTrue(Files.readString(etc.resolve("subuid")).contains("user02"));
  }

  @Test
  void aFolderThatOthersMayWriteIsRefused() throws Exception {
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("subuid"), "alice:100000:65536\n");
    Files.setPosixFilePermissions(etc, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(Status.REFUSED, run(etc, "user02"));
  }

  private static Status run(Path etc, String user) {
    return new SubidTask("2100000000-4200000000", etc.toString(), etc.toString())
        .run(
            new TaskRequest(
                "subids",
                Map.of("user", bytes(user), "uid", bytes("70000" + user.length())),
                Duration.ofSeconds(1)))
        .status();
  }
}
