package himmelblau.domain.entra.internal.token;

import himmelblau.api.http.HttpReply;
import himmelblau.api.log.Log;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The time of the token endpoint: that of the host, unless the {@code Date} of the last reply (RFC
 * 9110 6.6.1) differed much from it, as after a boot before NTP has set the clock. Only for times
 * that this endpoint checks or has issued; it does not decide how long something may be kept.
 * Thread-safe.
 */
public final class ServerClock implements InstantSource {
  private static final Log LOG = Log.of(ServerClock.class);

  /** The header has seconds, and a reply takes time; the endpoint accepts five minutes. */
  private static final Duration NEAR = Duration.ofMinutes(1);

  private final InstantSource host;
  private volatile Duration ahead = Duration.ZERO;

  ServerClock(InstantSource host) {
    this.host = host;
  }

  void heard(HttpReply reply) {
    Optional<Instant> date = reply.header("date").flatMap(ServerClock::parse);
    if (date.isPresent()) {
      Duration now = Duration.between(host.instant(), date.get());
      boolean near = now.abs().compareTo(NEAR) <= 0;
      if (!near && ahead.isZero()) {
        LOG.warn("entra.clock.wrong", "seconds", now.negated().toSeconds());
      }
      ahead = near ? Duration.ZERO : now;
    }
  }

  private static Optional<Instant> parse(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public Instant instant() {
    return host.instant().plus(ahead);
  }
}
