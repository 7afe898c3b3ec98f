package himmelblau.tasks.home.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who moves the ground while homes are made. */
class HomeRaceTest {
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
  void aPrefixThatIsALinkEverySecondMomentLeadsNowhere() throws Exception {
    Path victim = Files.createDirectory(root.resolve("victim"));
    Path prefix = Files.createDirectory(root.resolve("home"));
    Path skeleton = Files.createDirectory(root.resolve("skel"));
    Files.writeString(skeleton.resolve(".profile"), "umask 022\n");
    HomeTask task = new HomeTask(skeleton.toString());
    Map<Status, Integer> seen = new EnumMap<>(Status.class);
    Process attacker = exchanging(prefix, foreignLink(root.resolve("trap"), victim));
    try {
      for (int i = 0; i < ROUNDS; i++) {
        Map<String, byte[]> values =
            Map.of(
                "uid", bytes("70000"),
                "gid", bytes("70000"),
                "prefix", bytes(prefix + "/"),
                "name", bytes("user" + i),
                "skel", bytes("1"));
        seen.merge(
            task.run(new TaskRequest("home", values, Duration.ofSeconds(1))).status(),
            1,
            Integer::sum);
      }
    } finally {
      attacker.destroyForcibly().waitFor();
    }
    try (Stream<Path> inside = Files.list(victim)) {
      assertEquals(0, inside.count());
    }
    assertTrue(seen.containsKey(Status.DONE) && seen.containsKey(Status.REFUSED), seen::toString);
  }
}
