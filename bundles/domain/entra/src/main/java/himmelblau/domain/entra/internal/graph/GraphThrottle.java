package himmelblau.domain.entra.internal.graph;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.http.HttpReply;
import himmelblau.api.log.Log;
import himmelblau.api.schedule.Jitter;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long Graph has asked one provider to wait. Meanwhile lookups fail at once instead of adding
 * to the load, and a listing waits. Thread-safe.
 */
public final class GraphThrottle {
  private static final Log LOG = Log.of(GraphThrottle.class);
  private static final int TRIES = 6;

  /** Two seconds, lengthened. */
  private static final Duration LOOK_UP_WAITS = Duration.ofSeconds(3);

  /** Longer than Graph asks for; what is longer is an error somewhere. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final String domain;
  private final Clock clock;
  private final Jitter jitter;
  private volatile Instant until = Instant.EPOCH;

  public GraphThrottle(String domain, Clock clock, Jitter jitter) {
    this.domain = domain;
    this.clock = clock;
    this.jitter = jitter;
  }

  private Optional<Duration> left() {
    Duration left = Duration.between(clock.instant(), until);
    // One that is longer was made before the clock was set back.
    return left.isPositive() && left.compareTo(LONGEST) <= 0 ? Optional.of(left) : Optional.empty();
  }

  /** Requests that ran side by side may be told to wait for different times. */
  private synchronized void waitUntil(Instant end) {
    until = left().isPresent() && until.isAfter(end) ? until : end;
  }

  private Duration close(HttpReply reply, int tried) {
    Duration told = GraphRetry.wait(reply, tried, jitter);
    Duration wait = told.compareTo(LONGEST) < 0 ? told : LONGEST;
    waitUntil(clock.instant().plus(wait));
    LOG.warn("entra.graph_busy", "domain", domain, "status", reply.status(), "again_in", wait);
    return wait;
  }

  /** For lookups: the caller waits for a fraction of a second, and asks again. */
  public GraphRetry lookUp() {
    return new GraphRetry() {
      @Override
      public void before() throws DomainUnavailable {
        Optional<Duration> left = left();
        if (left.isPresent()) {
          throw new DomainUnavailable(
              Kind.TEMPORARY,
              "Microsoft Graph is busy and requests a wait of "
                  + left.get().toSeconds()
                  + " s more");
        }
      }

      @Override
      public Optional<Duration> after(HttpReply reply, int tried) {
        Duration wait = close(reply, tried);
        return tried < TRIES && wait.compareTo(LOOK_UP_WAITS) <= 0
            ? Optional.of(wait)
            : Optional.empty();
      }

      @Override
      public Priority priority() {
        return Priority.NORMAL;
      }
    };
  }

  /** For listings, which take minutes anyway. */
  public GraphRetry patient() {
    return new GraphRetry() {
      @Override
      public void before() throws DomainUnavailable {
        for (Optional<Duration> left = left(); left.isPresent(); left = left()) {
          DomainHttp.pause(left.get());
        }
      }

      @Override
      public Optional<Duration> after(HttpReply reply, int tried) {
        Duration wait = close(reply, tried);
        return tried < TRIES ? Optional.of(wait) : Optional.empty();
      }

      @Override
      public Priority priority() {
        return Priority.LOW;
      }
    };
  }
}
