package himmelblau.launcher;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Hands log lines to bundles that want them, with time and level before them: {@code
 * 2026-01-31T10:00:00.123Z info source event key=value}. Lines from before the first listener are
 * kept for it, the last {@value #KEPT}: the start of the process is worth an audit. Thread-safe.
 */
final class LineListeners implements LineTarget {
  static final LineListeners OF_PROCESS = new LineListeners();

  private static final int KEPT = 256;

  // Guarded by this:
  private List<Consumer<String>> listeners = List.of();
  private final Deque<String> kept = new ArrayDeque<>();

  /**
   * @param listener returns at once and logs nothing; called by the thread that logs
   */
  void add(Consumer<String> listener) {
    List<String> early;
    synchronized (this) {
      List<Consumer<String>> more = new ArrayList<>(listeners);
      more.add(listener);
      listeners = List.copyOf(more);
      early = List.copyOf(kept);
      kept.clear();
    }
    early.forEach(line -> hand(listener, line));
  }

  synchronized void remove(Consumer<String> listener) {
    listeners = listeners.stream().filter(each -> each != listener).toList();
  }

  @Override
  public void write(Level level, String line) {
    String name = level == Level.WARNING ? "warn" : level.getName().toLowerCase(Locale.ROOT);
    String whole = Instant.now() + " " + name + " " + line;
    List<Consumer<String>> now;
    synchronized (this) {
      now = listeners;
      if (now.isEmpty()) {
        if (kept.size() == KEPT) {
          kept.removeFirst();
        }
        kept.addLast(whole);
      }
    }
    now.forEach(listener -> hand(listener, whole));
  }

  /** Whoever logs is not to suffer from it. */
  private static void hand(Consumer<String> listener, String line) {
    try {
      listener.accept(line);
    } catch (RuntimeException | LinkageError e) {
      // The line is in the journal; a line about this one would come here again.
    }
  }
}
