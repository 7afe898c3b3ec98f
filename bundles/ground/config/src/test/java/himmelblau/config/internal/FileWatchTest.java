package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

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
  private Places places;
  private FileWatch watch;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @BeforeEach
  void watch() throws Exception {
    places = new Places(root);
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
  void otherFilesAreNoChange() throws Exception {
    places.put(places.administrator().resolveSibling("user-map"), "a:b");
    assertNull(heard.poll(300, TimeUnit.MILLISECONDS));
  }
}
