package himmelblau.login.internal.limits;

import himmelblau.api.log.Log;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits queries to the directory about unknown names, because anyone may ask for any name: one
 * limit for all, and one for each local user except root.
 */
public final class UnknownNameLimit {
  private static final Log LOG = Log.of(UnknownNameLimit.class);
  private static final String ALL = "all";

  private final RateLimit all;
  private final RateLimit each;
  private final RateLimit lines;

  public UnknownNameLimit(LongSupplier clock) {
    all = new RateLimit(Duration.ofSeconds(1), 60, clock);
    each = new RateLimit(Duration.ofSeconds(6), 10, clock);
    lines = new RateLimit(Duration.ofSeconds(30), 3, clock);
  }

  /** Counts a question that {@code caller} (a uid) causes; false: not to be asked now. */
  public boolean mayAsk(long caller) {
    boolean may = (caller == 0 || each.take(Long.toString(caller))) && all.take(ALL);
    if (!may && lines.take(ALL)) {
      LOG.warn("login.unknown_names", "uid", caller, "reason", "too many");
    }
    return may;
  }
}
