package himmelblau.tasks.groups.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.tasks.groups.internal.LocalGroups.Rules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who moves the files while memberships are written. */
class GroupsAttackTest {
  private static final int ROUNDS = 200;

  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  /** Exchanges two names all the time, as fast as it can. */
  private static Process exchanging(Path one, Path other) throws Exception {
    Process attacker =
        new ProcessBuilder(
                "python3",
                "-c",
                """
                import ctypes, sys
                libc = ctypes.CDLL(None)
                a, b = sys.argv[1].encode(), sys.argv[2].encode()
                print('on', flush=True)
                while True: libc.renameat2(-100, a, -100, b, 2)  # RENAME_EXCHANGE
                """,
                one.toString(),
                other.toString())
            .start();
    assertEquals("on", attacker.inputReader().readLine());
    return attacker;
  }

  private static Path foreignLink(Path link, Path target) throws Exception {
    Files.createSymbolicLink(link, target);
    Files.setAttribute(link, "unix:uid", 4711, LinkOption.NOFOLLOW_LINKS);
    return link;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aFileThatIsALinkEverySecondMomentIsNotWrittenThrough() throws Exception {
    Path victim = Files.writeString(root.resolve("victim"), "secret\n");
    Path etc = Files.createDirectory(root.resolve("etc"));
    Files.writeString(etc.resolve("group"), "users:x:100:\n");
    Map<Status, Integer> seen = new EnumMap<>(Status.class);
    Process attacker = exchanging(etc.resolve("group"), foreignLink(etc.resolve("trap"), victim));
    try {
      for (int i = 0; i < ROUNDS; i++) {
        seen.merge(run(etc, "user" + i), 1, Integer::sum);
      }
    } finally {
      attacker.destroyForcibly().waitFor();
    }
    assertEquals("secret\n", Files.readString(victim));
    assertEquals(0, (int) (Integer) Files.getAttribute(victim, "unix:uid"));
    assertTrue(seen.containsKey(Status.REFUSED), seen::toString);
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
