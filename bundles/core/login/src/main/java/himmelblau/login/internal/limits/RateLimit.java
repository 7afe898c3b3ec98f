package himmelblau.login.internal.limits;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** A rate limit for each key: a burst, then one per interval. Thread-safe. */
final class RateLimit {
  private static final int MANY = 1024;

  private final long interval; // ns
  private final long burst; // ns
  private final LongSupplier clock;

  /** When a key has all of its allowance again. */
  private final Map<String, Long> restored = new HashMap<>();

  /**
   * @param clock nanoseconds, as {@link System#nanoTime}
   */
  RateLimit(Duration interval, int burst, LongSupplier clock) {
    this.interval = interval.toNanos();
    this.burst = this.interval * burst;
    this.clock = clock;
  }

  /** Counts one; false, not counted: too many. */
  synchronized boolean take(String key) {
    long now = clock.getAsLong();
    if (restored.size() > MANY) {
      restored.values().removeIf(when -> when - now <= 0);
    }
    long used = Math.max(0, restored.getOrDefault(key, now) - now) + interval;
    if (used > burst) {
      return false;
    }
    restored.put(key, now + used);
    return true;
  }
}
