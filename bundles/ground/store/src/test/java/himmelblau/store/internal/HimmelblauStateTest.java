package himmelblau.store.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Himmelblau's database at the path of our own. */
class HimmelblauStateTest {
  @TempDir Path directory;
  private Path file;
  private Path fixedIds;
  private Path aside;

  @BeforeEach
  void name() {
    file = directory.resolve("himmelblau.cache.db");
    fixedIds = directory.resolve("elsewhere.db");
    aside = directory.resolve("replaced-himmelblau");
  }

  private SqliteStore open() {
    return SqliteStore.open(
        file,
        new HimmelblauState(file, fixedIds),
        new DiskReserve(file.resolveSibling("reserve"), 0));
  }

  private static void works(SqliteStore store) {
    store
        .area("notes", List.of("CREATE TABLE notes_line (text TEXT)"))
        .write(
            c -> {
              Connections.execute(c, "INSERT INTO notes_line VALUES ('a')");
              return null;
            });
  }

  private static List<String> rows(SqliteStore store, String query) {
    return store
        .area("reader", List.of())
        .read(
            c -> {
              List<String> found = new ArrayList<>();
              try (var statement = c.createStatement();
                  var rows = statement.executeQuery(query)) {
                while (rows.next()) {
                  found.add(rows.getString(1));
                }
              }
              return found;
            });
  }

  @Test
  void itIsMovedAsideByteForByteAndTheStoreWorks() throws Exception {
    HimmelblauFixture.cacheFile(file);
    byte[] before = Files.readAllBytes(file);
    try (SqliteStore store = open()) {
      works(store);
    }
    assertArrayEquals(before, Files.readAllBytes(aside.resolve("himmelblau.cache.db")));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(aside)));
    assertEquals(List.of(aside), new HimmelblauState(file, fixedIds).setAsideBefore());
    assertFalse(Files.exists(directory.resolve(".reading")));
    open().close();
    assertFalse(Files.exists(directory.resolve("replaced-himmelblau-2")), "moved once only");
  }

  @Test
  void dataInTheWriteAheadLogOnlyIsRecognisedAndMoved() throws Exception {
    HimmelblauFixture.killed(file);
    Path log = directory.resolve("himmelblau.cache.db-wal");
    byte[] before = Files.readAllBytes(log);
    try (SqliteStore store = open()) {
      works(store);
    }
    assertArrayEquals(before, Files.readAllBytes(aside.resolve(log.getFileName())));
    try (Connection c = HimmelblauFixture.connect(aside.resolve("himmelblau.cache.db"))) {
      assertEquals(2, Connections.number(c, "SELECT count(*) FROM account_t"));
    }
  }

  @Test
  void aMoveThatWasCutShortIsCompleted() throws Exception {
    HimmelblauFixture.killed(file);
    Files.createDirectory(aside);
    for (String suffix : List.of("-shm", "-wal")) {
      Files.move(
          directory.resolve("himmelblau.cache.db" + suffix),
          aside.resolve("himmelblau.cache.db" + suffix));
    }
    try (SqliteStore store = open()) {
      works(store);
    }
    try (Connection c = HimmelblauFixture.connect(aside.resolve("himmelblau.cache.db"))) {
      assertEquals(2, Connections.number(c, "SELECT count(*) FROM account_t"));
    }
  }

  @Test
  void whatWasMovedEarlierIsNeverReplaced() throws Exception {
    HimmelblauFixture.killed(file);
    open().close();
    Files.delete(file);
    Files.move(aside.resolve("himmelblau.cache.db"), file); // back to Himmelblau, and again here
    byte[] log = Files.readAllBytes(aside.resolve("himmelblau.cache.db-wal"));
    Files.writeString(directory.resolve("himmelblau.cache.db-wal"), "");
    try (Connection c = HimmelblauFixture.connect(file)) {
      HimmelblauFixture.cache(c);
    }
    Files.writeString(directory.resolve("himmelblau.cache.db-wal"), "");
    open().close();
    assertArrayEquals(log, Files.readAllBytes(aside.resolve("himmelblau.cache.db-wal")));
    assertTrue(Files.exists(directory.resolve("replaced-himmelblau-2/himmelblau.cache.db")));
  }

  @Test
  void theIdsThatItGaveCanBeCompared() throws Exception {
    HimmelblauFixture.cacheFile(file);
    open().close();
    assertEquals(
        List.of(
            HimmelblauFixture.UPN + ":x:1473626203:1473626203:::",
            HimmelblauFixture.GROUP + ":x:145696387:"),
        Files.readAllLines(aside.resolve("ids")));
  }

  @Test
  void idsThatAnAdministratorFixedAreHandedOver() throws Exception {
    HimmelblauFixture.cacheFile(file);
    HimmelblauFixture.fixedIds(fixedIds);
    byte[] before = Files.readAllBytes(fixedIds);
    try (SqliteStore store = open()) {
      assertEquals(
          List.of("user03@example.onmicrosoft.com/70003/70004"),
          rows(store, "SELECT upn || '/' || uid || '/' || gid FROM store_inherited_user"));
      assertEquals(
          List.of(HimmelblauFixture.GROUP + "/70010"),
          rows(store, "SELECT object_id || '/' || gid FROM store_inherited_group"));
    }
    assertArrayEquals(before, Files.readAllBytes(fixedIds));
  }

  @Test
  void withoutHimmelblausDatabaseNoFixedIdsAreImported() throws Exception {
    HimmelblauFixture.fixedIds(fixedIds);
    try (SqliteStore store = open()) {
      assertEquals(List.of(), rows(store, "SELECT upn FROM store_inherited_user"));
    }
  }

  @Test
  void fixedIdsThatCannotBeReadAreNotIgnored() throws Exception {
    HimmelblauFixture.cacheFile(file);
    Files.writeString(fixedIds, "no database, but long enough to be taken for one".repeat(40));
    StoreException refused = assertThrows(StoreException.class, () -> open());
    assertTrue(refused.getMessage().contains("fixed ids of Himmelblau"), refused.getMessage());
    Files.delete(aside.resolve("idmap.cache.db"));
    open().close();
  }

  @Test
  void theDatabaseOfYetAnotherProgramStaysWhereItIs() throws Exception {
    try (Connection c = HimmelblauFixture.connect(file)) {
      Connections.execute(c, "CREATE TABLE account_t (uuid TEXT)", "CREATE TABLE other (x)");
    }
    byte[] before = Files.readAllBytes(file);
    Files.createDirectory(aside);
    StoreException refused = assertThrows(StoreException.class, () -> open());
    assertTrue(refused.getMessage().contains("another program"), refused.getMessage());
    assertArrayEquals(before, Files.readAllBytes(file));
  }
}
