package himmelblau.directory.internal.lookup;

import himmelblau.api.log.Log;
import java.util.function.LongSupplier;

/**
 * Limits the queries to the directory about unknown names, over all callers: a burst, then a number
 * per second. Thread-safe.
 */
final class QueryLimit {
  private static final Log LOG = Log.of(QueryLimit.class);
  private static final int BURST = 240;
  private static final long INTERVAL = 500_000_000; // ns
  private static final long BETWEEN_LINES = 60_000_000_000L; // ns

  private final LongSupplier clock;
  private long restored;
  private long told;

  /**
   * @param clock nanoseconds, as {@link System#nanoTime}
   */
  QueryLimit(LongSupplier clock) {
    this.clock = clock;
    this.restored = clock.getAsLong();
    this.told = restored - BETWEEN_LINES;
  }

  /** Counts one; false, not counted: too many. */
  synchronized boolean take() {
    long now = clock.getAsLong();
    long used = Math.max(0, restored - now) + INTERVAL;
    if (used <= BURST * INTERVAL) {
      restored = now + used;
      return true;
    }
    if (now - told >= BETWEEN_LINES) {
      told = now;
      LOG.warn("directory.unknown_names", "reason", "too many were asked for");
    }
    return false;
  }
}
