package himmelblau.domain.entra.internal.graph;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpReply;
import himmelblau.api.schedule.Jitter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** When to retry a request to a busy Graph (entra-hello-graph 2). */
public interface GraphRetry {
  /** Called before each request; may wait. */
  void before() throws DomainUnavailable;

  /**
   * How long to wait before the same request is tried again; empty to give up.
   *
   * @param reply that Graph is busy
   * @param tried so many times until now
   */
  Optional<Duration> after(HttpReply reply, int tried);

  /** Which requests Graph refuses first when it is busy. */
  Priority priority();

  /** Values of the header {@code x-ms-throttle-priority}. */
  enum Priority {
    /** Nobody waits. */
    LOW,
    /** As without the header. */
    NORMAL,
    /** A user waits at a prompt. */
    HIGH
  }

  /** Whether Graph reports that it is busy. */
  static boolean busy(HttpReply reply) {
    return List.of(429, 502, 503, 504).contains(reply.status());
  }

  /**
   * What Graph asks for and a little more, else about what the reference does without: hosts that
   * are refused together shall not come back together.
   */
  static Duration wait(HttpReply reply, int tried, Jitter jitter) {
    return RetryAfter.of(reply)
        .map(jitter::lengthen)
        .orElseGet(() -> jitter.shorten(Duration.ofMillis(200L << Math.min(tried, 5))));
  }

  /** A user waits at a prompt: a few attempts, a few seconds. */
  static GraphRetry signIn(Jitter jitter) {
    return new GraphRetry() {
      private static final int TRIES = 3;

      /** Five seconds, lengthened. */
      private static final Duration LONGEST = Duration.ofMillis(7500);

      @Override
      public void before() {}

      @Override
      public Optional<Duration> after(HttpReply reply, int tried) {
        Duration wait = GraphRetry.wait(reply, tried, jitter);
        return tried < TRIES && wait.compareTo(LONGEST) <= 0 ? Optional.of(wait) : Optional.empty();
      }

      @Override
      public Priority priority() {
        return Priority.HIGH;
      }
    };
  }
}
