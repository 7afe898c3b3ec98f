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
  private final LinkedHashMap<String, Instant> until = new LinkedHashMap<>();

  public MissingAccounts(Clock clock) {
    this.clock = clock;
  }

  /** Returns until when. */
  synchronized Instant put(AccountName name, Duration lifetime) {
    Instant end = clock.instant().plus(lifetime);
    until.remove(name.upn());
    until.put(name.upn(), end);
    if (until.size() > MOST) {
      until.remove(until.keySet().iterator().next());
    }
    return end;
  }

  public synchronized boolean has(AccountName name) {
    Instant end = until.get(name.upn());
    return end != null && end.isAfter(clock.instant());
  }

  synchronized void forget(AccountName name) {
    until.remove(name.upn());
  }

  synchronized void clear() {
    until.clear();
  }

  synchronized Map<String, Instant> all() {
    return new HashMap<>(until);
  }
}
