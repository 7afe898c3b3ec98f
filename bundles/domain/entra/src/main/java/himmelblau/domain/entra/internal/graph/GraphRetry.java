package himmelblau.domain.entra.internal.graph;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** When to retry a request to a busy Graph (entra-hello-graph 2). */
interface GraphRetry {
  /** Called before each request; may wait. */
  void before() throws DomainUnavailable;

  /**
   * How long to wait before the same request is tried again; empty to give up.
   *
   * @param reply that Graph is busy
   * @param tried so many times until now
   */
  Optional<Duration> after(HttpReply reply, int tried);

  /** Whether Graph reports that it is busy. */
  static boolean busy(HttpReply reply) {
    return List.of(429, 502, 503, 504).contains(reply.status());
  }

  /** What Graph asks for, else what the reference does without. */
  static Duration wait(HttpReply reply, int tried) {
    OptionalLong told = seconds(reply);
    return told.isPresent()
        ? Duration.ofSeconds(told.getAsLong())
        : Duration.ofMillis(200L << Math.min(tried, 5));
  }

  private static OptionalLong seconds(HttpReply reply) {
    Optional<String> header = reply.header("retry-after").filter(h -> h.matches("[0-9]{1,6}"));
    return header.isPresent()
        ? OptionalLong.of(Long.parseLong(header.get()))
        : OptionalLong.empty();
  }

  /** A user waits at a prompt: a few attempts, a few seconds. */
  GraphRetry SIGN_IN =
      new GraphRetry() {
        private static final int TRIES = 3;
        private static final Duration LONGEST = Duration.ofSeconds(5);

        @Override
        public void before() {}

        @Override
        public Optional<Duration> after(HttpReply reply, int tried) {
          Duration wait = GraphRetry.wait(reply, tried);
          return tried < TRIES && wait.compareTo(LONGEST) <= 0
              ? Optional.of(wait)
              : Optional.empty();
        }
      };
}
