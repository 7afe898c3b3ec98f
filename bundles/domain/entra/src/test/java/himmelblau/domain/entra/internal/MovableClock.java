package himmelblau.domain.entra.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The real time, and more of it where a test does not want to wait. */
final class MovableClock extends Clock {
  private volatile Duration ahead = Duration.ZERO;

  void reset() {
    ahead = Duration.ZERO;
  }

  void pass(Duration time) {
    ahead = ahead.plus(time);
  }

  Duration ahead() {
    return ahead;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }
}
