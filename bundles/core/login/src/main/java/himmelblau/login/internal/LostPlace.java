package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.log.Log;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What a host does that has lost its place in a domain: it was deleted there, and may be stolen.
 */
final class LostPlace {
  private static final Log LOG = Log.of(LostPlace.class);

  private LostPlace() {}

  /** The directory says so: offline nobody of the domain gets in any more, and the join ends. */
  static void heard(Host host, DomainProvider domain) {
    endOffline(host, domain);
    domain.leave();
  }

  /**
   * Ends what opens the host offline to people of {@code domain}; they get it back one by one as
   * they sign in online. While the host is not joined nobody gets in offline anyway: this is for
   * the time after it has joined again.
   */
  static void endOffline(Host host, DomainProvider domain) {
    // Whom the host does not know now it may know again later: all but those of other domains.
    Set<UUID> spared = new HashSet<>();
    Set<UUID> ended = new HashSet<>();
    for (Account account : host.directory().accounts()) {
      boolean here = AccountMatch.serves(domain, account.name().domain());
      account.objectId().ifPresent((here ? ended : spared)::add);
    }
    spared.removeAll(ended);
    host.verifiers().endOffline(spared);
    host.hello().ifPresent(hello -> hello.endOffline(spared));
    LOG.info("login.offline_ended", "domain", domain.domain(), "spared", spared.size());
  }
}
