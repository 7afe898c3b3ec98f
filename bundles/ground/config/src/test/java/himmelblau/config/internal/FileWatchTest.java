package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir Path root;
  private ConfigFixture places;
  private FileWatch watch;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @BeforeEach
  void watch() throws Exception {
    places = new ConfigFixture(root);
    places.put(places.administrator(), "a = b");
    watch = new FileWatch(places.layers(), Duration.ofMillis(50), () -> heard.add("changed"));
  }

  @AfterEach
  void close() throws Exception {
    watch.close();
  }

  private void expectChange(String what) throws InterruptedException {
    assertNotNull(heard.poll(10, TimeUnit.SECONDS), what);
  }

  @Test
  void changesAreSeenHoweverTheyAreMade() throws Exception {
    Files.writeString(places.administrator(), "a = c");
    expectChange("written in place");

    Path fresh = places.put(places.administrator().resolveSibling("fresh~"), "a = d");
    Files.move(fresh, places.administrator(), StandardCopyOption.ATOMIC_MOVE);
    expectChange("renamed over");
    Files.writeString(places.administrator(), "a = e");
    expectChange("written after a rename");

    Files.delete(places.administrator());
    expectChange("deleted");
  }

  @Test
  void directoriesThatComeLaterAreWatched() throws Exception {
    places.dropIn(places.administrator(), "10.conf", "a = b");
    expectChange("first drop-in");
    heard.clear();
    places.dropIn(places.administrator(), "20.conf", "a = b");
    expectChange("second drop-in, in a directory that is new");
    places.put(places.ephemeral(), "a = b");
    expectChange("a layer whose directory is new");
  }

  @Test
  void whatALinkLeadsToIsWatchedAndSoIsTheLink() throws Exception {
    Path real = places.put(root.resolve("store/v1/real"), "a = b");
    Path alias = root.resolve("store/now");
    Files.createSymbolicLink(alias, Path.of("v1"));
    Path dropIn = places.dropIn(places.administrator(), "10.conf", "a = b");
    expectChange("a drop-in");
    Files.delete(dropIn);
    Files.createSymbolicLink(dropIn, alias.resolve("real"));
    expectChange("a link in its place");
    heard.clear();
    Files.writeString(real, "a = c");
    expectChange("the file behind the link is written");
    heard.clear();
    places.put(root.resolve("store/v2/real"), "a = d");
    Files.createSymbolicLink(root.resolve("store/next"), Path.of("v2"));
    Files.move(root.resolve("store/next"), alias, StandardCopyOption.ATOMIC_MOVE);
    expectChange("the way to it leads elsewhere");
    heard.clear();
    Files.writeString(root.resolve("store/v2/real"), "a = e");
    expectChange("the file behind the new way");
  }

  @Test
  void aFolderThatIsReplacedIsStillWatched() throws Exception {
    Path folder = places.administrator().getParent();
    for (int i = 0; i < 5; i++) {
      Files.move(folder, root.resolve("old" + i));
      places.put(places.administrator(), "a = " + i);
      expectChange("the folder is another");
      heard.clear();
      Files.writeString(places.administrator(), "a = x" + i);
      expectChange("a change in the new one");
      heard.clear();
    }
    int watches = watches();
    for (int i = 5; i < 15; i++) {
      Files.move(folder, root.resolve("old" + i));
      places.put(places.administrator(), "a = " + i);
      expectChange("the folder is another");
      heard.clear();
    }
    assertTrue(watches() <= watches + 1, "folders of the past are no longer watched");
  }

  private static int watches() throws Exception {
    int all = 0;
    try (var entries = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
      for (Path entry : entries) {
        try {
          all += (int) Files.lines(entry).filter(line -> line.startsWith("inotify wd:")).count();
        } catch (java.io.IOException | java.io.UncheckedIOException closedMeanwhile) {
          // no watch of ours
        }
      }
    }
    return all;
  }

  @Test
  void manyChangesAreOneAndEndlessOnesAreTold() throws Exception {
    for (int i = 0; i < 200; i++) {
      Files.writeString(places.administrator(), "a = " + i);
    }
    expectChange("a storm");
    Thread.sleep(300);
    assertTrue(heard.size() <= 1, "not one by one: " + heard.size());
    heard.clear();
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    for (int i = 0; heard.isEmpty() && System.nanoTime() < end; i++) {
      Files.writeString(places.administrator(), "b = " + i);
      Thread.sleep(10);
    }
    assertFalse(heard.isEmpty(), "although it is never quiet");
  }

  @Test
  void otherFilesAreNoChange() throws Exception {
    places.put(places.administrator().resolveSibling("user-map"), "a:b");
    assertNull(heard.poll(300, TimeUnit.MILLISECONDS));
  }
}
