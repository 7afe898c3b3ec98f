package himmelblau.directory.internal.store;

import himmelblau.api.store.Area;
import himmelblau.api.store.Query;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The tables of this bundle in a file of their own, which is left alone once this is closed. */
public final class TestArea implements Area, AutoCloseable {
  private final String url;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed; // guarded by life

  public TestArea(Path file) throws SQLException {
    this.url = "jdbc:sqlite:" + file;
    try (Connection c = DriverManager.getConnection(url);
        Statement s = c.createStatement()) {
      s.execute("PRAGMA journal_mode = WAL");
      // The store's own tables that a migration reads.
      s.executeUpdate("CREATE TABLE IF NOT EXISTS store_inherited_user (upn, uid, gid)");
      s.executeUpdate("CREATE TABLE IF NOT EXISTS store_inherited_group (object_id, gid)");
      for (String script : DirectorySchema.MIGRATIONS) {
        s.executeUpdate(script);
      }
    }
  }

  @Override
  public <T> T read(Query<T> query) {
    return alive(
        () -> {
          try (Connection c = DriverManager.getConnection(url)) {
            return query.run(c);
          }
        });
  }

  @Override
  public synchronized <T> T write(Query<T> query) {
    return alive(
        () -> {
          try (Connection c = DriverManager.getConnection(url)) {
            c.setAutoCommit(false);
            T result = query.run(c);
            c.commit();
            return result;
          }
        });
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T alive(Work<T> work) {
    life.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("The test is over");
      }
      return work.run();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      life.readLock().unlock();
    }
  }

  /** Waits for what is under way, such as a refresh behind a lookup. */
  @Override
  public void close() {
    life.writeLock().lock();
    closed = true;
    life.writeLock().unlock();
  }
}
