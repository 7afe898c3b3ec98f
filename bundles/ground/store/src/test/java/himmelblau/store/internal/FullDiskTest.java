package himmelblau.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import himmelblau.api.store.Area;
import himmelblau.api.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that is full for real: a small tmpfs, which needs root. */
class FullDiskTest {
  private static final List<String> TABLE = List.of("CREATE TABLE full_blob (data BLOB)");

  @TempDir Path directory;
  private boolean mounted;

  private static int run(String... words) throws Exception {
    return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertEquals(0, run("umount", directory.toString()));
    }
  }

  @Test
  void aFullDiskIsReportedAndNothingIsLost() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", directory.toString()) == 0;
    assumeTrue(mounted, "needs the right to mount");
    Path file = directory.resolve("store.db");
    try (SqliteStore store = Stores.open(file)) {
      Area area = store.area("full", TABLE);
      insert(area, 1000);
      StoreException full =
          assertThrows(StoreException.class, () -> insert(area, 8 << 20), "more than there is");
      assertTrue(full.getMessage().contains("full"), full.getMessage());
      assertEquals(1, count(area));
      insert(area, 1000);
      assertEquals(2, count(area), "works again without being opened anew");
    }
    try (SqliteStore store = Stores.open(file)) {
      assertEquals(2, count(store.area("full", TABLE)));
    }
  }

  private static void insert(Area area, int size) {
    area.write(
        c -> {
          Connections.execute(c, "INSERT INTO full_blob VALUES (randomblob(" + size + "))");
          return null;
        });
  }

  private static long count(Area area) {
    return area.read(c -> Connections.number(c, "SELECT count(*) FROM full_blob"));
  }
}
