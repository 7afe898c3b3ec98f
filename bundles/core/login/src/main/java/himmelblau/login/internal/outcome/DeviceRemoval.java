package himmelblau.login.internal.outcome;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Handles the removal of this host from a domain: it was deleted there, and may be stolen. */
public final class DeviceRemoval {
  private static final Log LOG = Log.of(DeviceRemoval.class);

  private DeviceRemoval() {}

  /**
   * Called when the directory reports the removal: ends offline sign-in for the domain and deletes
   * the device registration.
   */
  public static void removed(SignInEnvironment environment, DomainProvider domain) {
    end(environment, domain);
    LOG.audit(AuditKind.ENROLMENT, AuditOutcome.SUCCESS)
        .info("login.offline_ended", "domain", domain.domain());
    domain.leave();
  }

  /**
   * Ends offline sign-in for the users of {@code domain}; each user gets it back at the next online
   * sign-in. While the host is not joined, offline sign-in is refused anyway: this is for the time
   * after it has joined again.
   */
  public static void endOffline(SignInEnvironment environment, DomainProvider domain) {
    int passwords = end(environment, domain);
    if (passwords > 0) { // this is done at each sign-in until the host is joined
      LOG.audit(AuditKind.ENROLMENT, AuditOutcome.SUCCESS)
          .info("login.offline_ended", "domain", domain.domain());
    }
  }

  /** Returns how many cached passwords were deleted. */
  private static int end(SignInEnvironment environment, DomainProvider domain) {
    // Unknown users may become known again later: so all except those of other domains.
    Set<UUID> spared = new HashSet<>();
    Set<UUID> ended = new HashSet<>();
    for (Account account : environment.directory().accounts()) {
      boolean here = AccountMatch.serves(domain, account.name().domain());
      account.objectId().ifPresent((here ? ended : spared)::add);
      if (here) {
        environment.renewals().ended(account.name());
      }
    }
    spared.removeAll(ended);
    int passwords = environment.verifiers().endOffline(spared);
    environment.hello().ifPresent(hello -> hello.endOffline(spared));
    return passwords;
  }
}
