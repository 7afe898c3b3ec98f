package himmelblau.testing.doubles;

import himmelblau.api.store.Area;
import himmelblau.api.store.Query;
import himmelblau.api.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** The tables of one bundle in an SQLite file of their own, which is left alone once closed. */
public final class SqliteArea implements Area, AutoCloseable {
  private final String url;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed; // guarded by life

  /** Opens the file and runs those of {@code migrations} that did not run on it yet. */
  public SqliteArea(Path file, List<String> migrations) {
    url = "jdbc:sqlite:" + file + "?synchronous=OFF"; // no test loses power
    try (Connection c = DriverManager.getConnection(url);
        Statement s = c.createStatement()) {
      s.execute("PRAGMA journal_mode = WAL");
      for (int done = version(s); done < migrations.size(); done++) {
        s.executeUpdate(migrations.get(done));
        s.execute("PRAGMA user_version = " + (done + 1));
      }
    } catch (SQLException e) {
      throw new StoreException("open", e);
    }
  }

  private static int version(Statement s) throws SQLException {
    try (ResultSet row = s.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  @Override
  public <T extends @Nullable Object> T read(Query<T> query) {
    return open(
        () -> {
          try (Connection c = DriverManager.getConnection(url)) {
            return query.run(c);
          }
        });
  }

  @Override
  public synchronized <T extends @Nullable Object> T write(Query<T> query) {
    return open(
        () -> {
          try (Connection c = DriverManager.getConnection(url)) {
            c.setAutoCommit(false);
            T result = query.run(c);
            c.commit();
            return result;
          }
        });
  }

  private interface Work<T extends @Nullable Object> {
    T run() throws SQLException;
  }

  private <T extends @Nullable Object> T open(Work<T> work) {
    life.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("The test is over");
      }
      return work.run();
    } catch (SQLException e) {
      throw new StoreException("query", e);
    } finally {
      life.readLock().unlock();
    }
  }

  /** Waits for what is under way, such as a refresh behind a lookup. */
  @Override
  public void close() {
    life.writeLock().lock();
    try {
      closed = true;
    } finally {
      life.writeLock().unlock();
    }
  }
}
