package himmelblau.tasks.home.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.contract.tasks.Attacker;
import himmelblau.contract.tasks.RootOnlyDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attacker who replaces directories while homes are created. */
class HomeRaceTest {
  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aPrefixThatIsALinkEverySecondMomentLeadsNowhere() throws Exception {
    Path victim = Files.createDirectory(root.resolve("victim"));
    Path prefix = Files.createDirectory(root.resolve("home"));
    Path skeleton = Files.createDirectory(root.resolve("skel"));
    Files.writeString(skeleton.resolve(".profile"), "umask 022\n");
    HomeTask task = new HomeTask(skeleton.toString(), HomeTaskTest.ANYWHERE, root.toString());
    try (Attacker attacker = Attacker.exchanging(prefix, root.resolve("trap"), victim)) {
      attacker.race(round -> run(task, prefix, "user" + round), Status.DONE, Status.REFUSED);
    }
    try (Stream<Path> inside = Files.list(victim)) {
      assertEquals(0, inside.count());
    }
  }

  private static Status run(HomeTask task, Path prefix, String name) {
    Map<String, byte[]> values =
        Map.of(
            "uid", bytes("70000"),
            "gid", bytes("70000"),
            "prefix", bytes(prefix + "/"),
            "name", bytes(name),
            "skel", bytes("1"));
    return task.run(new TaskRequest("home", values, Duration.ofSeconds(1))).status();
  }
}
