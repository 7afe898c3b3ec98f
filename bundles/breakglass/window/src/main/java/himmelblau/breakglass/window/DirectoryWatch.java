package himmelblau.breakglass.window;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.log.Log;
import himmelblau.api.schedule.Jitter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks, while the window is open, whether the directory can be reached: an outage must end the
 * window also when nobody signs in between its beginning and its end. Closes the window when its
 * time is up.
 */
public final class DirectoryWatch implements AutoCloseable {
  private static final Log LOG = Log.of(DirectoryWatch.class);
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

  private final BreakglassWindow window;
  private final Supplier<List<DomainProvider>> domains;
  private final Duration pause;
  private final Jitter jitter = Jitter.normal();
  private Thread watching = Thread.ofVirtual().start(() -> {});

  /**
   * @param domains those of now; none: nothing is known
   * @param pause between two questions, which is shortened by chance
   */
  public DirectoryWatch(
      BreakglassWindow window, Supplier<List<DomainProvider>> domains, Duration pause) {
    this.window = window;
    this.domains = domains;
    this.pause = pause;
  }

  /** Watches until the window is closed. The first question is asked at once. */
  public synchronized void begin() {
    watching.interrupt();
    watching = Thread.ofVirtual().name("breakglass").start(this::watch);
  }

  private void watch() {
    try {
      for (Optional<Duration> left = look(); left.isPresent(); left = look()) {
        Thread.sleep(left.get().compareTo(pause) < 0 ? left.get() : jitter.shorten(pause));
      }
    } catch (InterruptedException e) {
      // a later watch goes on, or the bundle stops
    }
  }

  /** Returns how long the window is still open. */
  private Optional<Duration> look() throws InterruptedException {
    try {
      if (window.expire().isPresent()) {
        ask();
      }
    } catch (RuntimeException e) {
      LOG.error("breakglass.watch_failed", e); // such as a full disk: it must go on watching
    }
    return window.left();
  }

  private void ask() throws InterruptedException {
    List<DomainProvider> asked = domains.get();
    if (asked.isEmpty()) {
      return;
    }
    boolean reachable = asked.stream().allMatch(DomainProvider::reachable);
    if (Thread.interrupted()) {
      throw new InterruptedException(); // an interrupted question says that nothing answers
    }
    if (reachable) {
      window.reconnected();
    } else {
      window.outage();
    }
  }

  /** Ends it, and waits a moment for that: the store may be closed next. */
  @Override
  public synchronized void close() {
    watching.interrupt();
    try {
      watching.join(ENDS_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
