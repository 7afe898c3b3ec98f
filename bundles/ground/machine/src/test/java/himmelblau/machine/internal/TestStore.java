package himmelblau.machine.internal;

import himmelblau.api.store.Area;
import himmelblau.api.store.Query;
import himmelblau.api.store.Store;
import himmelblau.api.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** One SQLite file, one connection: what the machine needs of a store. */
final class TestStore implements Store, AutoCloseable {
  private final Connection connection;

  TestStore(Path file) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  @Override
  public Area area(String name, List<String> migrations) {
    try (var statement = connection.createStatement();
        var table =
            statement.executeQuery("SELECT 1 FROM sqlite_master WHERE name = 'machine_key'")) {
      boolean there = table.next();
      table.close();
      if (!there) {
        for (String script : migrations) {
          statement.executeUpdate(script);
        }
      }
    } catch (SQLException e) {
      throw new StoreException("migration", e);
    }
    return new Area() {
      @Override
      public synchronized <T> T read(Query<T> query) {
        try {
          return query.run(connection);
        } catch (SQLException e) {
          throw new StoreException("read", e);
        }
      }

      @Override
      public synchronized <T> T write(Query<T> query) {
        try {
          connection.setAutoCommit(false);
          T result = query.run(connection);
          connection.commit();
          return result;
        } catch (SQLException e) {
          rollback();
          throw new StoreException("write", e);
        } catch (RuntimeException e) {
          rollback();
          throw e;
        }
      }

      private void rollback() {
        try {
          connection.rollback();
        } catch (SQLException e) {
          throw new StoreException("rollback", e);
        }
      }
    };
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
