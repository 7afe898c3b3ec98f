package himmelblau.http.internal;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Since when a connection rests, by two clocks: the monotonic one stands still while the host is
 * suspended, and the wall clock may be set.
 *
 * @param nanos of the monotonic clock
 * @param millis of the wall clock
 */
record Rest(long nanos, long millis) {
  /** The clocks. */
  record Clocks(LongSupplier monotonic, InstantSource wall) {
    static final Clocks SYSTEM = new Clocks(System::nanoTime, InstantSource.system());

    Rest now() {
      return new Rest(monotonic.getAsLong(), wall.millis());
    }
  }

  /** Whether no more time has passed until {@code now}, whichever clock is right. */
  boolean within(Duration length, Rest now) {
    long elapsed = now.millis() - millis;
    return now.nanos() - nanos <= length.toNanos() && elapsed >= 0 && elapsed <= length.toMillis();
  }
}
