package himmelblau.http.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.pool.StrictConnPool;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** Idle connections between two calls: few, and for a short time. Thread-safe. */
final class ConnectionPool implements AutoCloseable {
  static final Duration LIFE = Duration.ofSeconds(15);
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
  private final Rest.Clocks clocks;
  private final ReentrantLock returning = new ReentrantLock();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private boolean closed;

  ConnectionPool(Rest.Clocks clocks) {
    this.clocks = clocks;
  }

  /**
   * An entry for {@code route}, with a usable connection or without any.
   *
   * @param longest how long a connection may have rested
   */
  PoolEntry<String, HttpConnection> take(String route, Duration longest) throws IOException {
    while (true) {
      PoolEntry<String, HttpConnection> entry = lease(route);
      HttpConnection resting = entry.getConnection();
      if (resting == null || (rested(resting, longest) && resting.usable())) {
        return entry;
      }
      entries.release(entry, false);
    }
  }

  /** Whether a connection rests or has rested, and for no longer than {@code longest}. */
  boolean rested(@Nullable HttpConnection connection, Duration longest) {
    Rest since = connection == null ? null : connection.restsSince();
    return since != null && since.within(longest, clocks.now());
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
      HttpConnection connection = entry.getConnection();
      keep =
          reusable
              && connection != null
              && !closed
              && entries.getTotalStats().getAvailable() < MOST;
      if (keep && connection != null) {
        connection.rests(clocks.now());
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
        Thread.sleep(LIFE);
      } catch (InterruptedException e) {
        return;
      }
      discard(LIFE);
      sweeping.set(false);
    } while (entries.getTotalStats().getAvailable() > 0 && sweeping.compareAndSet(false, true));
  }

  /** Closes all that rest: one of them was dead, and so may be the others. */
  void discardAll() {
    entries.enumAvailable(entry -> entry.discardConnection(CloseMode.IMMEDIATE));
  }

  private void discard(Duration longest) {
    entries.enumAvailable(
        entry -> {
          if (!rested(entry.getConnection(), longest)) {
            entry.discardConnection(CloseMode.IMMEDIATE);
          }
        });
  }

  /** Calls under way end as ever. */
  @Override
  public void close() {
    returning.lock();
    try {
      closed = true;
      discardAll();
    } finally {
      returning.unlock();
    }
  }
}
