package himmelblau.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import himmelblau.api.store.Area;
import himmelblau.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system that is really full: a small tmpfs, which needs root. */
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

  @Test
  void aReserveKeepsWritesGoing() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory.toString()) == 0;
    assumeTrue(mounted, "needs the right to mount");
    Path file = directory.resolve("store.db");
    Path junk = directory.resolve("junk");
    DiskReserve reserve = new DiskReserve(directory.resolve("reserve"), 1 << 20);
    reserve.fill();
    assertEquals(1 << 20, Files.size(directory.resolve("reserve")));
    try (SqliteStore store = Stores.open(file, reserve)) {
      Area area = store.area("full", TABLE);
      assertThrows(IOException.class, () -> Files.write(junk, new byte[8 << 20]));
      assertFalse(reserve.released());
      insert(area, 100_000);
      assertEquals(1, count(area));
      assertTrue(reserve.released());
      assertFalse(Files.exists(directory.resolve("reserve")));
      StoreException full = assertThrows(StoreException.class, () -> insert(area, 4 << 20));
      assertTrue(full.full());
      reserve.fill();
      assertTrue(reserve.released(), "there is no room yet");
      Files.delete(junk);
      reserve.fill();
      assertFalse(reserve.released());
      assertTrue(Files.exists(directory.resolve("reserve")));
    }
  }

  @Test
  void aSmallDiskIsNotFilledByTheReserve() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", directory.toString()) == 0;
    assumeTrue(mounted, "needs the right to mount");
    DiskReserve reserve = new DiskReserve(directory.resolve("reserve"), 1 << 20);
    reserve.fill();
    assertFalse(Files.exists(directory.resolve("reserve")));
    assertFalse(reserve.release());
    assertFalse(reserve.released());
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
