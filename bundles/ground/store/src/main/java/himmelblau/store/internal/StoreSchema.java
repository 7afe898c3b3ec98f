package himmelblau.store.internal;

import himmelblau.api.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whose file it is, and which version each area has. All methods run in the writer's turn. */
final class StoreSchema {
  /** "HmbO" in the file's header, so that no other program's database is taken for ours. */
  static final int APPLICATION = 0x486d624f;

  private final Path file;
  private final StateVersion version;
  private final HimmelblauState predecessor;

  StoreSchema(Path file, StateVersion version, HimmelblauState predecessor) {
    this.file = file;
    this.version = version;
    this.predecessor = predecessor;
  }

  /** Claims an empty file, or makes sure that it is ours and of a format that we know. */
  void claim(Connection connection) throws SQLException {
    long application = Connections.number(connection, "PRAGMA application_id");
    long format = Connections.number(connection, "PRAGMA user_version");
    if (application == 0
        && Connections.number(connection, "SELECT count(*) FROM sqlite_master") == 0) {
      Connections.execute(
          connection,
          "PRAGMA application_id = " + APPLICATION,
          "PRAGMA user_version = " + version.number(),
          "CREATE TABLE store_area (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT");
      InheritedIds.create(connection);
      predecessor.handOver(connection);
      return;
    }
    if (application != APPLICATION) {
      throw new StoreException(
          "The store "
              + file
              + " is the database of another program. Move it away, or set another db_path; it was "
              + "not changed.");
    }
    version.refuseNewer(format);
    if (format < version.number()) {
      InheritedIds.create(connection);
      Connections.execute(connection, "PRAGMA user_version = " + version.number());
    }
  }

  /** Runs what of {@code migrations} has not run yet. */
  void migrate(Connection connection, String area, List<String> migrations) throws SQLException {
    int version = version(connection, area);
    if (version > migrations.size()) {
      throw new StoreException(
          "The area "
              + area
              + " of the store "
              + file
              + " has version "
              + version
              + ", but the installed bundle knows "
              + migrations.size()
              + " only: it is older than the data. Install the newer version again; nothing was"
              + " changed.");
    }
    if (version == migrations.size()) {
      return;
    }
    Set<String> before = names(connection);
    for (int i = version; i < migrations.size(); i++) {
      run(connection, area, i, migrations.get(i));
    }
    for (String name : names(connection)) {
      if (!before.contains(name) && !name.startsWith(area + "_")) {
        throw new StoreException(
            "The area "
                + area
                + " may not create "
                + name
                + ": its tables are called "
                + area
                + "_…");
      }
    }
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT OR REPLACE INTO store_area VALUES (?, ?)")) {
      statement.setString(1, area);
      statement.setInt(2, migrations.size());
      statement.executeUpdate();
    }
  }

  private void run(Connection connection, String area, int number, String script)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(script);
    } catch (SQLException e) {
      StoreException reason = SqliteFailures.explain(file, e);
      throw new StoreException(
          "Migration " + (number + 1) + " of the area " + area + " failed. " + reason.getMessage(),
          e);
    }
  }

  private static int version(Connection connection, String area) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT version FROM store_area WHERE name = ?")) {
      statement.setString(1, area);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }

  private static Set<String> names(Connection connection) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }
}
