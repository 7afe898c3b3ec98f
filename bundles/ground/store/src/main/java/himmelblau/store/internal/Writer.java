package himmelblau.store.internal;

import himmelblau.api.store.Query;
import himmelblau.api.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one connection that writes, handed out in turn. Thread-safe. */
final class Writer implements AutoCloseable {
  private final Connection connection;
  private final ReentrantLock turn = new ReentrantLock(true);
  private boolean closed;

  Writer(Path file) throws SQLException {
    this.connection = Connections.writer(file);
  }

  /** Runs {@code query} in one transaction, which is on the disk when this returns. */
  <T extends @Nullable Object> T write(Query<T> query) throws SQLException {
    if (turn.isHeldByCurrentThread()) {
      throw new IllegalStateException("A write inside another write; use one query for both");
    }
    turn.lock();
    try {
      if (closed) {
        throw new StoreException("The store is closed; the daemon is stopping or restarting it");
      }
      Connections.execute(connection, "BEGIN IMMEDIATE");
      boolean done = false;
      try {
        T result = query.run(connection);
        Connections.execute(connection, "COMMIT");
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack();
        }
      }
    } finally {
      turn.unlock();
    }
  }

  /** Turns the write-ahead log on permanently, after the file is known to be ours. */
  void useWriteAheadLog() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
      if (!mode.next() || !mode.getString(1).equals("wal")) {
        throw new StoreException(
            "The store's file system has no shared memory, which SQLite's write-ahead log needs."
                + " Point db_path to a local file system.");
      }
    }
  }

  private void rollBack() {
    try {
      Connections.execute(connection, "ROLLBACK");
    } catch (SQLException alreadyRolledBack) {
      // SQLite itself rolls back on a full disk or an I/O error; the first failure is reported.
    }
  }

  @Override
  public void close() throws SQLException {
    turn.lock();
    try {
      closed = true;
      connection.close();
    } finally {
      turn.unlock();
    }
  }
}
