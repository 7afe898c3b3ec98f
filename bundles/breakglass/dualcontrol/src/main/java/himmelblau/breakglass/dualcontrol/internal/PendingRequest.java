package himmelblau.breakglass.dualcontrol.internal;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.breakglass.dualcontrol.internal.RequestTable.Request;
import himmelblau.breakglass.window.BootClock;
import java.time.Duration;
import java.util.Optional;

/**
 * The request of one administrator that waits for a second one. It is void after ten minutes, by a
 * clock that cannot be set, and after a boot; a restart of the daemon does not change its end. Who
 * looks changes nothing: that it is void is recorded by {@link RequestExpiry}. Thread-safe.
 */
final class PendingRequest {
  /** A request is void when it is that old: the second administrator must ask before. */
  static final Duration VALID = Duration.ofMinutes(10);

  private static final Log LOG = Log.of(PendingRequest.class);

  private final RequestTable table;
  private final BootClock clock;
  private Optional<Request> request;

  PendingRequest(RequestTable table, BootClock clock) {
    this.table = table;
    this.clock = clock;
    this.request = table.read();
  }

  /**
   * An administrator asks. If another one has asked before, that request is used up and returned:
   * two agree. Otherwise this is the request that waits, in place of one of the same administrator.
   *
   * @param admin login uid
   */
  synchronized Optional<Request> ask(long admin, Duration length) {
    expire();
    Optional<Request> other = waiting().filter(first -> first.admin() != admin);
    if (other.isPresent()) {
      forget();
      return other;
    }
    Request fresh = new Request(clock.boot(), clock.now().plus(VALID), admin, length);
    table.write(fresh);
    request = Optional.of(fresh);
    LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.SUCCESS)
        .warn("breakglass.requested", "login_uid", admin, "seconds", length.toSeconds());
    return Optional.empty();
  }

  /** The request that waits. */
  synchronized Optional<Request> waiting() {
    return request.filter(asked -> left(asked).isPresent());
  }

  /** Ends the request if it is void. */
  synchronized void expire() {
    if (waiting().isEmpty()) {
      withdraw("its time is up");
    }
  }

  /** How long a request waits for a second administrator; empty if it is void. */
  Optional<Duration> left(Request asked) {
    Duration left = asked.ends().minus(clock.now());
    return left.isPositive() && asked.boot().equals(clock.boot())
        ? Optional.of(left)
        : Optional.empty();
  }

  /**
   * Ends the request that waits, if there is one.
   *
   * @param why for the log
   */
  synchronized void withdraw(String why) {
    if (request.isPresent()) {
      long admin = request.get().admin();
      forget();
      LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.SUCCESS)
          .warn("breakglass.request_ended", "login_uid", admin, "why", why);
    }
  }

  private void forget() {
    table.delete();
    request = Optional.empty();
  }
}
