package himmelblau.store.internal;

import himmelblau.api.store.Query;
import himmelblau.api.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A few read connections, opened when they are first needed. Thread-safe. */
final class Readers implements AutoCloseable {
  private static final int MOST = 4;
  private static final ThreadLocal<@Nullable Reading> CURRENT = new ThreadLocal<>();

  /** What this thread reads on. */
  private record Reading(Readers owner, Connection connection) {}

  private final Path file;
  private final Semaphore permits = new Semaphore(MOST, true);
  private final Deque<Connection> idle = new ArrayDeque<>();
  private volatile boolean closed;

  Readers(Path file) {
    this.file = file;
  }

  /** Runs {@code query} in a snapshot; within another read of this thread, in the same one. */
  <T extends @Nullable Object> T read(Query<T> query) throws SQLException {
    Reading outer = CURRENT.get();
    if (outer != null && outer.owner() == this) {
      return query.run(outer.connection());
    }
    permits.acquireUninterruptibly();
    try {
      Connection connection = take();
      boolean usable = false;
      try {
        CURRENT.set(new Reading(this, connection));
        Connections.execute(connection, "BEGIN");
        T result;
        try {
          result = query.run(connection);
        } finally {
          Connections.execute(connection, "ROLLBACK");
          usable = true;
        }
        return result;
      } finally {
        restore(outer);
        giveBack(connection, usable);
      }
    } finally {
      permits.release();
    }
  }

  private static void restore(@Nullable Reading outer) {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }

  private Connection take() throws SQLException {
    if (closed) {
      throw new StoreException("The store is closed; the daemon is stopping or restarting it");
    }
    Connection connection;
    synchronized (idle) {
      connection = idle.poll();
    }
    return connection == null ? Connections.reader(file) : connection;
  }

  private void giveBack(Connection connection, boolean usable) throws SQLException {
    if (usable) {
      synchronized (idle) {
        idle.push(connection);
      }
    } else {
      connection.close();
    }
  }

  /** Waits for running reads, then closes all. */
  @Override
  public void close() throws SQLException {
    closed = true;
    permits.acquireUninterruptibly(MOST);
    try {
      synchronized (idle) {
        for (Connection connection : idle) {
          connection.close();
        }
        idle.clear();
      }
    } finally {
      permits.release(MOST);
    }
  }
}
