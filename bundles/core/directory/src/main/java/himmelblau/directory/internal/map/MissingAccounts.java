package himmelblau.directory.internal.map;

import himmelblau.api.account.AccountName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Accounts that do not exist according to the directory; bounded, so that nobody can exhaust the
 * memory.
 */
public final class MissingAccounts {
  private static final int MOST = 1024;

  private final Clock clock;
  private final LinkedHashMap<String, Absence> absences = new LinkedHashMap<>();

  private record Absence(Instant since, Instant until) {}

  public MissingAccounts(Clock clock) {
    this.clock = clock;
  }

  /** Returns until when. */
  public synchronized Instant put(AccountName name, Duration lifetime) {
    Instant now = clock.instant();
    Absence absence = new Absence(now, now.plus(lifetime));
    absences.remove(name.upn());
    absences.put(name.upn(), absence);
    if (absences.size() > MOST) {
      absences.remove(absences.keySet().iterator().next());
    }
    return absence.until();
  }

  /** One that begins in the future was noted before the clock was set back: it is over. */
  public synchronized boolean has(AccountName name) {
    Absence absence = absences.get(name.upn());
    Instant now = clock.instant();
    return absence != null && absence.until().isAfter(now) && !absence.since().isAfter(now);
  }

  synchronized void forget(AccountName name) {
    absences.remove(name.upn());
  }

  synchronized void clear() {
    absences.clear();
  }

  synchronized Map<String, Instant> all() {
    Map<String, Instant> ends = new HashMap<>();
    absences.forEach((upn, absence) -> ends.put(upn, absence.until()));
    return ends;
  }
}
