package himmelblau.http.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.StrictConnPool;
import org.apache.hc.core5.util.TimeValue;

/** Idle connections between two calls: few, and for a short time. Thread-safe. */
final class ConnectionPool implements AutoCloseable {
  private static final TimeValue LIFE = TimeValue.ofSeconds(15);
  private static final int MOST = 8;

  // Bounds only what rests: a server that stalls must not make the calls to it queue up here.
  private final StrictConnPool<String, HttpConnection> entries =
      new StrictConnPool<>(
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          TimeValue.NEG_ONE_MILLISECOND,
          PoolReusePolicy.LIFO,
          null,
          null);
  private final ReentrantLock returning = new ReentrantLock();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private boolean closed;

  /** An entry for {@code route}, with a usable connection or without any. */
  PoolEntry<String, HttpConnection> take(String route) throws IOException {
    while (true) {
      PoolEntry<String, HttpConnection> entry = lease(route);
      HttpConnection resting = entry.getConnection();
      if (resting == null || resting.usable()) {
        return entry;
      }
      entries.release(entry, false);
    }
  }

  private PoolEntry<String, HttpConnection> lease(String route) throws IOException {
    try {
      return entries.lease(route, null).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  void giveBack(PoolEntry<String, HttpConnection> entry, boolean reusable) {
    boolean keep;
    returning.lock();
    try {
      keep = reusable && !closed && entries.getTotalStats().getAvailable() < MOST;
      if (keep) {
        entry.updateExpiry(LIFE);
      }
      entries.release(entry, keep);
    } finally {
      returning.unlock();
    }
    if (keep && sweeping.compareAndSet(false, true)) {
      Thread.ofVirtual().name("http sweep").start(this::sweep);
    }
  }

  private void sweep() {
    do {
      try {
        LIFE.sleep();
      } catch (InterruptedException e) {
        return;
      }
      entries.closeExpired();
      sweeping.set(false);
    } while (entries.getTotalStats().getAvailable() > 0 && sweeping.compareAndSet(false, true));
  }

  /** Calls under way end as ever. */
  @Override
  public void close() {
    returning.lock();
    try {
      closed = true;
      entries.enumAvailable(entry -> entry.discardConnection(CloseMode.IMMEDIATE));
    } finally {
      returning.unlock();
    }
  }
}
