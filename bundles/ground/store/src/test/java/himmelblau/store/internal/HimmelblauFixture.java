package himmelblau.store.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.jdbc4.JDBC4Connection;

/** Databases with the tables that Himmelblau makes. */
final class HimmelblauFixture {
  static final String UPN = "user02@example.onmicrosoft.com";
  static final String GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";

  private HimmelblauFixture() {}

  static Connection connect(Path file) throws SQLException {
    String name = file.toString();
    return new JDBC4Connection("jdbc:sqlite:" + name, name, new SQLiteConfig().toProperties());
  }

  /** The cache: one user, one group, keys that its own key store wrapped. */
  static void cache(Connection c) throws SQLException {
    Connections.execute(
        c,
        "CREATE TABLE db_version_t (id TEXT PRIMARY KEY, version INTEGER)",
        "CREATE TABLE account_t (uuid TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            + " spn TEXT NOT NULL UNIQUE, gidnumber INTEGER NOT NULL UNIQUE, password BLOB,"
            + " token BLOB NOT NULL, expiry NUMERIC NOT NULL)",
        "CREATE TABLE group_t (uuid TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
            + " spn TEXT NOT NULL UNIQUE, gidnumber INTEGER NOT NULL UNIQUE,"
            + " token BLOB NOT NULL, expiry NUMERIC NOT NULL)",
        "CREATE TABLE memberof_t (g_uuid TEXT, a_uuid TEXT)",
        "CREATE TABLE hsm_int_t (key TEXT PRIMARY KEY, value BLOB NOT NULL)",
        "CREATE TABLE hsm_data_t (key TEXT PRIMARY KEY, value BLOB NOT NULL)",
        "INSERT INTO db_version_t VALUES ('main', 1)",
        "INSERT INTO account_t VALUES ('10000000-0000-4000-8000-000000000002', '"
            + UPN
            + "', '"
            + UPN
            + "', 1473626203, NULL, '{}', 0)",
        "INSERT INTO account_t VALUES ('10000000-0000-4000-8000-000000000003', 'a:b', 'a:b',"
            + " 4711, NULL, '{}', 0)",
        "INSERT INTO group_t VALUES ('" + GROUP + "', 'staff', 'staff', 145696387, '{}', 0)",
        "INSERT INTO hsm_int_t VALUES ('mk', x'01')",
        "INSERT INTO hsm_data_t VALUES ('" + UPN + "/hello', x'02')");
  }

  static void cacheFile(Path file) throws SQLException {
    try (Connection c = connect(file)) {
      cache(c);
    }
  }

  /**
   * What a daemon leaves that was killed: all tables are in the write-ahead log, the file has a
   * header only.
   */
  static void killed(Path file) throws Exception {
    Path live = file.resolveSibling("live.db");
    try (Connection c = connect(live)) {
      Connections.execute(c, "PRAGMA journal_mode = WAL");
      cache(c);
      for (String suffix : List.of("", "-wal", "-shm")) {
        Files.copy(
            live.resolveSibling("live.db" + suffix),
            file.resolveSibling(file.getFileName() + suffix));
      }
    }
    Files.delete(live);
  }

  /** Ids that an administrator fixed; some rows are of no use. */
  static void fixedIds(Path file, String... more) throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE TABLE static_users (name TEXT PRIMARY KEY, uid INTEGER, gid INTEGER)");
    statements.add("CREATE TABLE static_groups (name TEXT PRIMARY KEY, gid INTEGER)");
    statements.add(
        "INSERT INTO static_users VALUES ('User03@example.onmicrosoft.com', 70003, 70004)");
    statements.add("INSERT INTO static_users VALUES ('nobody in particular', 70005, 70005)");
    statements.add("INSERT INTO static_users VALUES ('minus@example.onmicrosoft.com', -1, 70005)");
    statements.add("INSERT INTO static_groups VALUES ('" + GROUP + "', 70010)");
    statements.add("INSERT INTO static_groups VALUES ('a display name', 70011)");
    statements.addAll(List.of(more));
    try (Connection c = connect(file)) {
      Connections.execute(c, statements.toArray(String[]::new));
    }
  }
}
