package himmelblau.login.internal.offline;

import himmelblau.api.log.Log;
import himmelblau.api.store.Area;
import himmelblau.api.store.StoreException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock of this host, and the latest time it has shown, stored on disk: setting the clock back
 * must not make expired data valid again. The stored time only increases, until a user signs in
 * online.
 */
public final class HostClock {
  static final String MIGRATION =
      """
      CREATE TABLE login_seen (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL);
      """;

  /** Between two systems on one machine a clock may jump by any zone's distance to UTC. */
  private static final Duration TOLERANCE = Duration.ofHours(15);

  private static final Log LOG = Log.of(HostClock.class);
  private static final Duration EVERY = Duration.ofMinutes(15);

  private final Area area;
  private final InstantSource clock;
  private volatile long kept =
      Long.MIN_VALUE; // by online(), so that not each sign-in waits for the disk

  public HostClock(Area area, InstantSource clock) {
    this.area = area;
    this.clock = clock;
  }

  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Whether the clock shows an earlier time than before. */
  public boolean behind() {
    long seen =
        area.read(
            c -> {
              try (PreparedStatement s = c.prepareStatement("SELECT at FROM login_seen");
                  ResultSet row = s.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
              }
            });
    return now().plus(TOLERANCE).getEpochSecond() < seen;
  }

  /** Takes note of the moment. */
  public void seen() {
    keep(
        "INSERT INTO login_seen VALUES (1, ?)"
            + " ON CONFLICT (one) DO UPDATE SET at = max(at, excluded.at)");
    kept = Long.MIN_VALUE; // it may be set far ahead now
  }

  /**
   * The directory was asked and answered: the clock counts from here, whatever it showed before.
   */
  public void online() {
    long now = now().getEpochSecond();
    long since = now - kept;
    if (kept == Long.MIN_VALUE || since < 0 || since >= EVERY.toSeconds()) {
      keep("INSERT OR REPLACE INTO login_seen VALUES (1, ?)");
      kept = now;
    }
  }

  private void keep(String sql) {
    try {
      area.<@Nullable Void>write(
          c -> {
            try (PreparedStatement s = c.prepareStatement(sql)) {
              s.setLong(1, now().getEpochSecond());
              s.executeUpdate();
            }
            return null;
          });
    } catch (StoreException e) {
      LOG.warn("login.clock.not_kept", "why", e.getMessage());
    }
  }

  /** Records the time periodically, until the thread is interrupted. */
  public void watch() {
    try {
      while (true) {
        Thread.sleep(EVERY); // not at once: after the start the clock may not be set yet
        seen();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
