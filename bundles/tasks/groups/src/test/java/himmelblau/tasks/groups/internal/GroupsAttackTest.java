package himmelblau.tasks.groups.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.contract.tasks.Attacker;
import himmelblau.contract.tasks.RootOnlyDirectory;
import himmelblau.tasks.groups.internal.LocalGroups.Rules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attacker who replaces the files while memberships are written. */
class GroupsAttackTest {
  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aFileThatIsALinkEverySecondMomentIsNotWrittenThrough() throws Exception {
    Path victim = Files.writeString(root.resolve("victim"), "secret\n");
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("group"), "users:x:100:\n");
    try (Attacker attacker =
        Attacker.exchanging(etc.resolve("group"), etc.resolve("trap"), victim)) {
      attacker.race(round -> run(etc, "user" + round), Status.DONE, Status.REFUSED);
    }
    assertEquals("secret\n", Files.readString(victim));
    assertEquals(0, (int) (Integer) Files.getAttribute(victim, "unix:uid"));
  }

  @Test
  void aLinkInPlaceOfTheFileIsRefused() throws Exception {
    Path victim = Files.writeString(root.resolve("victim"), "secret\n");
    Path etc = Files.createDirectory(root.resolve("etc"));
    Attacker.foreignLink(etc.resolve("group"), victim);
    assertEquals(Status.REFUSED, run(etc, "user02"));
    assertEquals("secret\n", Files.readString(victim));
  }

  @Test
  void anotherNameOfTheFileKeepsItsContent() throws Exception {
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("group"), "users:x:100:\n");
    Path other = Files.createLink(root.resolve("other"), etc.resolve("group"));
    String before = Files.readString(other);
    assertEquals(Status.DONE, run(etc, "user02"));
    assertEquals(before, Files.readString(other));
    assertTrue(Files.readString(etc.resolve("group")).contains("user02"));
  }

  @Test
  void aFolderThatOthersMayWriteIsRefused() throws Exception {
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("group"), "users:x:100:\n");
    Files.setPosixFilePermissions(etc, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(Status.REFUSED, run(etc, "user02"));
  }

  private Status run(Path etc, String user) throws Exception {
    Path state = Files.createDirectories(root.resolve("state"));
    Rules rules = new Rules(List.of("users"), "sudo", Set.of());
    return new GroupsTask(rules, etc.toString(), state.toString())
        .run(
            new TaskRequest(
                "groups",
                Map.of("user", bytes(user), "uid", bytes("70000")),
                Duration.ofSeconds(1)))
        .status();
  }
}
