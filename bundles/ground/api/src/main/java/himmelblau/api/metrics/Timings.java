package himmelblau.api.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Every {@link Timing} of the process, for traces. While nobody listens it costs one read of an
 * empty list for each duration. Thread-safe.
 */
public final class Timings {
  private static final List<Consumer<Timing>> LISTENERS = new CopyOnWriteArrayList<>();

  private Timings() {}

  /**
   * Hears of every duration that any bundle records, until it is closed.
   *
   * @param listener called by the thread that recorded it, which waits: it only takes note, and
   *     throws nothing
   */
  public static Listening listen(Consumer<Timing> listener) {
    LISTENERS.add(listener);
    return () -> LISTENERS.remove(listener);
  }

  /** Ends with {@link #close}. */
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  static void tell(Supplier<Timing> timing) {
    if (!LISTENERS.isEmpty()) {
      Timing told = timing.get();
      LISTENERS.forEach(listener -> listener.accept(told));
    }
  }
}
