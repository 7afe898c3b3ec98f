package himmelblau.kerberos.internal;

import himmelblau.api.account.AccountName;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A user in whose credential cache there are tickets of ours.
 *
 * @param principals whose tickets they are
 * @param kept when they were last written
 * @param ends when the first of them ends
 */
record Holder(
    long uid, long gid, AccountName name, Set<String> principals, Instant kept, Instant ends) {
  Holder {
    principals = Set.copyOf(principals);
  }

  /** When new ones should be asked for: half-way, so that there is time for a network to return. */
  Instant due() {
    return kept.plus(Duration.between(kept, ends).dividedBy(2));
  }
}
