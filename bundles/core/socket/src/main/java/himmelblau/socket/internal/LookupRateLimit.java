package himmelblau.socket.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Limits requests of each uid except root that can cause a query to the directory and a write to
 * the disk. A client that sends one request after the other is only slowed down. Thread-safe.
 */
final class LookupRateLimit {
  private static final long ROOT = 0;
  private static final int MANY = 1024;

  private final long interval; // ns
  private final long burst; // ns

  /** When a uid has all of its allowance again, in the time of {@link System#nanoTime}. */
  private final Map<Long, Long> restored = new HashMap<>();

  /**
   * @param interval between two questions, on average
   * @param burst questions at once
   */
  LookupRateLimit(Duration interval, int burst) {
    this.interval = interval.toNanos();
    this.burst = this.interval * (burst - 1);
  }

  /** Counts a question that may be asked after the wait; empty, not counted: not in time. */
  synchronized Optional<Duration> take(long uid, Duration patience, long now) {
    if (uid == ROOT) {
      return Optional.of(Duration.ZERO);
    }
    if (restored.size() > MANY) {
      restored.values().removeIf(when -> when - now <= 0);
    }
    long used = Math.max(0, restored.getOrDefault(uid, now) - now);
    long wait = Math.max(0, used - burst);
    if (wait > patience.toNanos()) {
      return Optional.empty();
    }
    restored.put(uid, now + used + interval);
    return Optional.of(Duration.ofNanos(wait));
  }
}
