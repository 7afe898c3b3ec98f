import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpReply;
import himmelblau.api.schedule.Jitter;
import himmelblau.directory.internal.lookup.QueryPauses;
import himmelblau.directory.internal.lookup.UserRefresher;
import himmelblau.domain.entra.internal.graph.GraphRetry;
import himmelblau.domain.entra.internal.graph.GraphThrottle;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * One daemon: refreshes its users as UserRefresher and AccountFinder do, with their own pauses and
 * the retries of domain.entra, and signs users in. POSIX attributes come from the directory, so that
 * nothing else than Graph can answer.
 */
final class Host {
  private static final String DOMAIN = "example.com";
  private static final Duration CACHE_TIMEOUT = Duration.ofSeconds(300);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int MOST_AT_ONCE = 20;

  /** The user, and the user's groups. */
  private static final int UNITS = 3;

  private final VirtualTime time;
  private final Tenant tenant;
  private final Jitter jitter;
  private final GraphThrottle throttle;
  private final QueryPauses pauses;
  private final Instant[] refreshed;
  private long refreshes;
  private long signIns;
  private long refusedSignIns;

  Host(VirtualTime time, Tenant tenant, Jitter jitter, int users) {
    this.time = time;
    this.tenant = tenant;
    this.jitter = jitter;
    this.throttle = new GraphThrottle(DOMAIN, time.clock(), jitter);
    this.pauses = new QueryPauses(16, time.clock(), jitter);
    this.refreshed = new Instant[users];
    Arrays.fill(refreshed, Instant.EPOCH.minus(Duration.ofDays(3)));
  }

  /** The daemon starts now: its first sweep comes after a pause. */
  void start() {
    time.in(UserRefresher.pause(CACHE_TIMEOUT, jitter), () -> sweep(MOST_AT_ONCE));
  }

  private void sweep(int left) {
    int oldest = oldest();
    boolean stale = refreshed[oldest].plus(CACHE_TIMEOUT).isBefore(time.now());
    if (left == 0 || !stale || pauses.lasts(DOMAIN)) {
      start();
      return;
    }
    GraphRetry retry = throttle.lookUp();
    try {
      retry.before();
    } catch (DomainUnavailable e) {
      pauses.begin(DOMAIN, LONGEST_PAUSE);
      start();
      return;
    }
    request(retry, 1, () -> refreshed(oldest, left), this::busy);
  }

  private void refreshed(int user, int left) {
    pauses.end(DOMAIN);
    refreshed[user] = time.now();
    refreshes++;
    time.in(Duration.ofMillis(100), () -> sweep(left - 1)); // two requests
  }

  private void busy() {
    pauses.begin(DOMAIN, LONGEST_PAUSE);
    start();
  }

  private void request(GraphRetry retry, int tried, Runnable good, Runnable bad) {
    HttpReply reply = tenant.ask(UNITS, retry.priority());
    if (reply.ok()) {
      good.run();
      return;
    }
    Optional<Duration> wait = retry.after(reply, tried);
    if (wait.isPresent()) {
      time.in(wait.get(), () -> request(retry, tried + 1, good, bad));
    } else {
      bad.run();
    }
  }

  void signIn() {
    request(GraphRetry.signIn(jitter), 1, () -> signIns++, () -> refusedSignIns++);
  }

  private int oldest() {
    int oldest = 0;
    for (int user = 1; user < refreshed.length; user++) {
      oldest = refreshed[user].isBefore(refreshed[oldest]) ? user : oldest;
    }
    return oldest;
  }

  /** Since when the user with the oldest answer was not refreshed. */
  Duration age() {
    return Duration.between(refreshed[oldest()], time.now());
  }

  long refreshes() {
    return refreshes;
  }

  long signIns() {
    return signIns;
  }

  long refusedSignIns() {
    return refusedSignIns;
  }
}
