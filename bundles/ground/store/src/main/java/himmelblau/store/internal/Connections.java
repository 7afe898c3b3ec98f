package himmelblau.store.internal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/** Opens connections with the settings that the store relies on. */
final class Connections {
  private static final int BUSY_MILLISECONDS = 5000;

  private Connections() {}

  /** The one that writes. */
  static Connection writer(Path file) throws SQLException {
    SQLiteConfig config = config();
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true"); // deleted keys are overwritten
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, "16777216");
    return open(file, config);
  }

  /** One of those that read. */
  static Connection reader(Path file) throws SQLException {
    Connection connection = open(file, config());
    try {
      execute(connection, "PRAGMA query_only = 1");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE); // DatabaseFile creates it, with the right mode
    config.setBusyTimeout(BUSY_MILLISECONDS);
    config.enforceForeignKeys(true);
    return config;
  }

  private static Connection open(Path file, SQLiteConfig config) throws SQLException {
    // Not through DriverManager, which would keep the driver's class loader for ever.
    String name = file.toAbsolutePath().toString();
    Connection connection = new JDBC4Connection("jdbc:sqlite:" + name, name, config.toProperties());
    try {
      execute(connection, "PRAGMA trusted_schema = 0");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : List.of(statements)) {
        statement.execute(sql);
      }
    }
  }

  static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
