package himmelblau.store.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.store.Area;
import himmelblau.api.store.StoreException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final List<String> ONE = List.of("CREATE TABLE notes_line (text TEXT NOT NULL)");
  private static final List<String> TWO =
      List.of(
          ONE.get(0),
          "CREATE INDEX notes_line_text ON notes_line (text); INSERT INTO notes_line VALUES ('two')");

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("store.db");
  }

  private static void insert(Area area, String text) {
    area.write(
        connection -> {
          Connections.execute(connection, "INSERT INTO notes_line VALUES ('" + text + "')");
          return null;
        });
  }

  private static long count(Area area) {
    return area.read(c -> Connections.number(c, "SELECT count(*) FROM notes_line"));
  }

  @Test
  void whatIsWrittenIsThereAfterReopening() {
    try (SqliteStore store = Stores.open(file)) {
      insert(store.area("notes", ONE), "a");
    }
    try (SqliteStore store = Stores.open(file)) {
      assertEquals(1, count(store.area("notes", ONE)));
    }
  }

  @Test
  void onlyTheOwnerMayReadTheFiles() throws Exception {
    try (SqliteStore store = Stores.open(file)) {
      insert(store.area("notes", ONE), "a");
      count(store.area("notes", ONE));
      try (Stream<Path> files = Files.list(directory)) {
        for (Path each : files.filter(Files::isRegularFile).toList()) {
          assertEquals(
              "rw-------",
              PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
              each.toString());
        }
      }
      assertTrue(Files.exists(directory.resolve("store.db-wal")));
    }
  }

  @Test
  void aReadableFileIsTightened() throws Exception {
    Stores.open(file).close();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Stores.open(file).close();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aFailedWriteChangesNothing() {
    try (SqliteStore store = Stores.open(file)) {
      Area area = store.area("notes", ONE);
      assertThrows(
          IllegalStateException.class,
          () ->
              area.write(
                  c -> {
                    Connections.execute(c, "INSERT INTO notes_line VALUES ('a')");
                    throw new IllegalStateException("in the middle");
                  }));
      StoreException refused =
          assertThrows(
              StoreException.class,
              () ->
                  area.write(
                      c -> {
                        Connections.execute(
                            c,
                            "INSERT INTO notes_line VALUES ('a')",
                            "INSERT INTO notes_line VALUES (NULL)");
                        return null;
                      }));
      assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
      assertEquals(0, count(area));
      insert(area, "still works");
      assertEquals(1, count(area));
    }
  }

  @Test
  void readingCannotWrite() {
    try (SqliteStore store = Stores.open(file)) {
      Area area = store.area("notes", ONE);
      assertThrows(
          StoreException.class,
          () ->
              area.read(
                  c -> {
                    Connections.execute(c, "INSERT INTO notes_line VALUES ('a')");
                    return null;
                  }));
      assertEquals(0, count(area));
    }
  }

  @Test
  void areadWithinAReadSeesTheSameSnapshotAndNeverWaits() {
    try (SqliteStore store = Stores.open(file)) {
      Area area = store.area("notes", ONE);
      long depth =
          area.read(a -> area.read(b -> area.read(c -> area.read(d -> area.read(e -> 5L)))));
      assertEquals(5, depth);
    }
  }

  @Test
  void aWriteWithinAWriteIsAProgrammingError() {
    try (SqliteStore store = Stores.open(file)) {
      Area area = store.area("notes", ONE);
      assertThrows(
          IllegalStateException.class,
          () ->
              area.write(
                  c -> {
                    insert(area, "inner");
                    return null;
                  }));
      assertEquals(0, count(area));
    }
  }

  @Test
  void migrationsRunOnce() {
    try (SqliteStore store = Stores.open(file)) {
      store.area("notes", ONE);
      assertEquals(1, count(store.area("notes", TWO)));
      assertEquals(1, count(store.area("notes", TWO)));
    }
  }

  @Test
  void aDowngradeIsRefusedAndChangesNothing() {
    try (SqliteStore store = Stores.open(file)) {
      store.area("notes", TWO);
      StoreException refused = assertThrows(StoreException.class, () -> store.area("notes", ONE));
      assertTrue(refused.getMessage().contains("notes"), refused.getMessage());
      assertEquals(1, count(store.area("notes", TWO)));
    }
  }

  @Test
  void aFailingMigrationTakesBackThoseBeforeIt() {
    List<String> broken = List.of(ONE.get(0), "CREATE TABLE notes_more (a); CREATE TABL x (y)");
    try (SqliteStore store = Stores.open(file)) {
      assertThrows(StoreException.class, () -> store.area("notes", broken));
      Area other = store.area("other", List.of());
      assertEquals(
          0L,
          other.<Long>read(
              c ->
                  Connections.number(
                      c, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'notes%'")));
      assertEquals(0, count(store.area("notes", ONE)));
    }
  }

  @Test
  void anAreaCannotCreateTablesOfOthers() {
    try (SqliteStore store = Stores.open(file)) {
      assertThrows(
          StoreException.class, () -> store.area("notes", List.of("CREATE TABLE other_x (a)")));
      assertThrows(IllegalArgumentException.class, () -> store.area("no_tes", List.of()));
      assertThrows(IllegalArgumentException.class, () -> store.area("store", List.of()));
    }
  }

  @Test
  void aClosedStoreSaysSo() {
    SqliteStore store = Stores.open(file);
    Area area = store.area("notes", ONE);
    store.close();
    assertThrows(StoreException.class, () -> count(area));
    assertThrows(StoreException.class, () -> insert(area, "a"));
  }

  @Test
  void aSymbolicLinkIsRefused() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "precious");
    Files.createSymbolicLink(file, victim);
    assertThrows(StoreException.class, () -> Stores.open(file));
    assertEquals("precious", Files.readString(victim));
  }

  @Test
  void aFileThatIsNotADatabaseIsRefusedAndKept() throws Exception {
    byte[] text =
        "not a database at all, but long enough to be read as a header"
            .repeat(20)
            .getBytes(StandardCharsets.UTF_8);
    Files.write(file, text);
    StoreException refused = assertThrows(StoreException.class, () -> Stores.open(file));
    assertTrue(refused.getMessage().contains("not an SQLite database"), refused.getMessage());
    assertArrayEquals(text, Files.readAllBytes(file));
  }

  @Test
  void theDatabaseOfAnotherProgramIsRefusedAndKept() throws Exception {
    Files.createFile(file);
    try (Connection other = Connections.writer(file)) {
      Connections.execute(other, "CREATE TABLE something (uuid TEXT)");
    }
    byte[] before = Files.readAllBytes(file);
    StoreException refused = assertThrows(StoreException.class, () -> Stores.open(file));
    assertTrue(refused.getMessage().contains("another program"), refused.getMessage());
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void damageIsReportedNotHidden() throws Exception {
    try (SqliteStore store = Stores.open(file)) {
      Area area = store.area("notes", ONE);
      area.write(
          c -> {
            for (int i = 0; i < 2000; i++) {
              Connections.execute(c, "INSERT INTO notes_line VALUES (hex(randomblob(50)))");
            }
            return null;
          });
    }
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] noise = new byte[4096 * 8];
      new java.util.Random(1).nextBytes(noise);
      raw.seek(4096L * 6);
      raw.write(noise);
    }
    try (SqliteStore store = Stores.open(file)) {
      Area area = store.area("notes", ONE);
      StoreException damaged =
          assertThrows(
              StoreException.class,
              () ->
                  area.read(
                      c -> Connections.number(c, "SELECT sum(length(text)) FROM notes_line")));
      assertTrue(damaged.getMessage().contains("damaged"), damaged.getMessage());
    }
  }

  @Test
  void aTruncatedFileIsReported() throws Exception {
    try (SqliteStore store = Stores.open(file)) {
      insert(store.area("notes", ONE), "a");
    }
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(4096 + 100);
    }
    assertThrows(
        StoreException.class,
        () -> {
          try (SqliteStore store = Stores.open(file)) {
            count(store.area("notes", ONE));
          }
        });
  }

  @Test
  void aDirectoryThatCannotBeCreatedIsReported() throws Exception {
    Files.writeString(directory.resolve("plain"), "");
    StoreException refused =
        assertThrows(StoreException.class, () -> Stores.open(directory.resolve("plain/store.db")));
    assertTrue(refused.getMessage().contains("db_path"), refused.getMessage());
    assertFalse(Files.isDirectory(directory.resolve("plain")));
  }
}
