import himmelblau.api.http.HttpReply;
import himmelblau.domain.entra.internal.graph.GraphRetry.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Microsoft Graph as its documentation describes it ("throttling limits", identity and access): a
 * token bucket of resource units for each application in each tenant. Assumed, because it is not
 * said: a refusal asks for a wait of ten seconds, the length of the window; requests of low
 * priority are refused when less than 30 % are left, of normal priority below 10 %.
 */
final class Tenant {
  private static final HttpReply GOOD = new HttpReply(200, Map.of(), new byte[0]);
  private static final HttpReply BUSY =
      new HttpReply(429, Map.of("retry-after", List.of("10")), new byte[0]);
  private static final HttpReply DOWN = new HttpReply(503, Map.of(), new byte[0]);

  private final VirtualTime time;
  private final double capacity;
  private final Seconds requests;
  private double left;
  private Instant filled;
  private boolean down;
  private long asked;
  private long refused;

  /**
   * @param units in ten seconds
   */
  Tenant(VirtualTime time, int units, Seconds requests) {
    this.time = time;
    this.capacity = units;
    this.left = units;
    this.filled = time.now();
    this.requests = requests;
  }

  void down(boolean down) {
    this.down = down;
  }

  HttpReply ask(int units, Priority priority) {
    Instant now = time.now();
    requests.count(now);
    asked++;
    double seconds = Duration.between(filled, now).toNanos() / 1e9;
    left = Math.min(capacity, left + seconds * capacity / 10);
    filled = now;
    if (down) {
      return DOWN;
    }
    double reserve =
        switch (priority) {
          case LOW -> 0.3;
          case NORMAL -> 0.1;
          case HIGH -> 0;
        };
    if (left - units < reserve * capacity) {
      refused++;
      return BUSY;
    }
    left -= units;
    return GOOD;
  }

  double refusedShare() {
    return asked == 0 ? 0 : (double) refused / asked;
  }
}
