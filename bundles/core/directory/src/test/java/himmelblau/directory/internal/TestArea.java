package himmelblau.directory.internal;

import himmelblau.api.store.Area;
import himmelblau.api.store.Query;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of this bundle in a file of their own. */
final class TestArea implements Area {
  private final String url;

  TestArea(Path file) throws SQLException {
    this.url = "jdbc:sqlite:" + file;
    try (Connection c = DriverManager.getConnection(url);
        Statement s = c.createStatement()) {
      s.execute("PRAGMA journal_mode = WAL");
      for (String script : Schema.MIGRATIONS) {
        s.executeUpdate(script);
      }
    }
  }

  @Override
  public <T> T read(Query<T> query) {
    try (Connection c = DriverManager.getConnection(url)) {
      return query.run(c);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized <T> T write(Query<T> query) {
    try (Connection c = DriverManager.getConnection(url)) {
      c.setAutoCommit(false);
      T result = query.run(c);
      c.commit();
      return result;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
