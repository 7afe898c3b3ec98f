package himmelblau.breakglass.dualcontrol.internal;

import java.time.Duration;
import java.util.Optional;

/** Waits for the end of a request, so that it is logged when it is void, not when one looks. */
final class RequestExpiry implements AutoCloseable {
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
  private static final Duration AT_LEAST = Duration.ofMillis(10);

  private final PendingRequest request;
  private Thread waiting = Thread.ofVirtual().start(() -> {});

  RequestExpiry(PendingRequest request) {
    this.request = request;
  }

  /** Waits for the end of the request of now. */
  synchronized void begin() {
    waiting.interrupt();
    waiting = Thread.ofVirtual().name("breakglass-request").start(this::await);
  }

  private void await() {
    try {
      Optional<Duration> left = left();
      while (left.isPresent()) {
        // The clock also counts the time asleep, which a thread that sleeps does not notice.
        Thread.sleep(left.get().plus(AT_LEAST));
        left = left();
      }
    } catch (InterruptedException e) {
      // another request, or the bundle stops
    }
  }

  private Optional<Duration> left() {
    request.expire();
    return request.waiting().flatMap(request::left);
  }

  /** Ends it, and waits a moment for that: the store may be closed next. */
  @Override
  public synchronized void close() {
    waiting.interrupt();
    try {
      waiting.join(ENDS_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
