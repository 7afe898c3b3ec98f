package himmelblau.testing.tenant.token;

import java.time.Duration;
import java.time.Instant;

/** The service's idea of the time, which a test may set wrong. */
public final class TenantClock {
  private volatile Duration skew = Duration.ZERO;

  public Instant now() {
    return Instant.now().plus(skew);
  }

  public Duration skew() {
    return skew;
  }

  public void skew(Duration by) {
    skew = by;
  }
}
