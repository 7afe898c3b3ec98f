package himmelblau.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state of a newer version is refused before anything is touched. */
class StateVersionTest {
  private static final int NEWER = StateVersion.KNOWN + 1;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("store.db");
  }

  /** Names, contents, modes and times of all files. */
  private Map<String, String> everything() throws Exception {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path :
          files.filter(each -> !each.startsWith(directory.resolve("native"))).toList()) {
        found.put(
            path.toString(),
            Files.isRegularFile(path)
                ? HexFormat.of().formatHex(Files.readAllBytes(path))
                    + Files.getPosixFilePermissions(path)
                    + Files.getLastModifiedTime(path)
                : "");
      }
    }
    return found;
  }

  /** As a newer version that was killed leaves it: its last writes are in the log only. */
  private void killedInNewerVersion() throws Exception {
    Path live = directory.resolve("live");
    Files.createDirectory(live);
    try (SqliteStore store = Stores.open(live.resolve("store.db"), NEWER)) {
      store.area("notes", List.of("CREATE TABLE notes_line (text TEXT)"));
      for (String name : List.of("store.db", "store.db-wal", "store.db-shm", "state-version")) {
        Files.copy(live.resolve(name), directory.resolve(name));
      }
    }
    try (Stream<Path> files = Files.list(live)) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        Files.delete(path);
      }
    }
  }

  private void refusedAndNotTouched() throws Exception {
    Map<String, String> before = everything();
    StoreException refused = assertThrows(StoreException.class, () -> Stores.open(file));
    assertTrue(refused.getMessage().contains("newer version"), refused.getMessage());
    assertTrue(refused.getMessage().contains("state version " + NEWER), refused.getMessage());
    assertEquals(before, everything());
  }

  @Test
  void aNewerStateIsRefusedAndNotTouched() throws Exception {
    killedInNewerVersion();
    assertTrue(Files.size(directory.resolve("store.db-wal")) > 0);
    refusedAndNotTouched();
  }

  @Test
  void theFileBesideIsEnough() throws Exception {
    Stores.open(file).close();
    Files.writeString(directory.resolve("state-version"), NEWER + "\n");
    refusedAndNotTouched();
  }

  @Test
  void theHeaderIsEnough() throws Exception {
    Stores.open(file, NEWER).close();
    Files.delete(directory.resolve("state-version"));
    refusedAndNotTouched();
  }

  @Test
  void itCanBeReadWithoutTheStore() throws Exception {
    Stores.open(file).close();
    assertEquals(StateVersion.KNOWN + "\n", Files.readString(directory.resolve("state-version")));
    Files.delete(directory.resolve("state-version"));
    Stores.open(file).close();
    assertTrue(Files.exists(directory.resolve("state-version")));
  }

  @Test
  void itIsRaisedBeforeTheStoreIs() throws Exception {
    Stores.open(file, 1).close();
    StateVersion version = new StateVersion(file, 5);
    version.raise();
    assertEquals("5\n", Files.readString(directory.resolve("state-version")));
    assertEquals(1, SqliteHeader.of(file).orElseThrow().version());
    Stores.open(file, 5).close();
    assertEquals(5, SqliteHeader.of(file).orElseThrow().version());
  }

  @Test
  void anOlderStateGetsWhatNewerOnesHave() throws Exception {
    Files.createFile(file);
    try (Connection old = Connections.writer(file)) {
      Connections.execute(
          old,
          "PRAGMA application_id = " + StoreSchema.APPLICATION,
          "PRAGMA user_version = 1",
          "CREATE TABLE store_area (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT");
    }
    try (SqliteStore store = Stores.open(file)) {
      assertEquals(
          0L,
          store
              .area("notes", List.of())
              .<Long>read(c -> Connections.number(c, "SELECT count(*) FROM store_inherited_user")));
    }
    assertEquals(StateVersion.KNOWN, SqliteHeader.of(file).orElseThrow().version());
  }

  @Test
  void aDeletedStoreHasNoVersion() throws Exception {
    Files.writeString(directory.resolve("state-version"), NEWER + "\n");
    Stores.open(file).close();
    assertEquals(StateVersion.KNOWN + "\n", Files.readString(directory.resolve("state-version")));
  }

  @Test
  void aVersionThatIsNoNumberIsRefused() throws Exception {
    Stores.open(file).close();
    Files.writeString(directory.resolve("state-version"), "two\n");
    Map<String, String> before = everything();
    StoreException refused = assertThrows(StoreException.class, () -> Stores.open(file));
    assertTrue(refused.getMessage().contains("state-version"), refused.getMessage());
    assertEquals(before, everything());
    assertFalse(Files.exists(directory.resolve("state-version.new")));
  }
}
