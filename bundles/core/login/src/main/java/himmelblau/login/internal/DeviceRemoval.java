package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.log.Log;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Handles the removal of this host from a domain: it was deleted there, and may be stolen. */
final class DeviceRemoval {
  private static final Log LOG = Log.of(DeviceRemoval.class);

  private DeviceRemoval() {}

  /** The directory says so: offline nobody of the domain gets in any more, and the join ends. */
  static void heard(SignInEnvironment environment, DomainProvider domain) {
    endOffline(environment, domain);
    domain.leave();
  }

  /**
   * Ends what opens the host offline to users of {@code domain}; they get it back one by one as
   * they sign in online. While the host is not joined nobody gets in offline anyway: this is for
   * the time after it has joined again.
   */
  static void endOffline(SignInEnvironment environment, DomainProvider domain) {
    // Whom the host does not know now it may know again later: all but those of other domains.
    Set<UUID> spared = new HashSet<>();
    Set<UUID> ended = new HashSet<>();
    for (Account account : environment.directory().accounts()) {
      boolean here = AccountMatch.serves(domain, account.name().domain());
      account.objectId().ifPresent((here ? ended : spared)::add);
    }
    spared.removeAll(ended);
    environment.verifiers().endOffline(spared);
    environment.hello().ifPresent(hello -> hello.endOffline(spared));
    LOG.info("login.offline_ended", "domain", domain.domain(), "spared", spared.size());
  }
}
