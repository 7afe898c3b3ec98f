package himmelblau.domain.entra.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Person;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.domain.entra.internal.Tenant;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.domain.entra.internal.wire.Web;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Asks whether an account exists, without starting anything. */
public final class Probe {
  private static final int[] WAITS = {1000, 3000};

  private static final AccountName NOBODY = AccountName.parse("nobody@invalid").orElseThrow();

  private Probe() {}

  /** Whether {@code name} exists; once, since a look-up waits for it. */
  public static Optional<Person> find(Tenant tenant, AccountName name) throws DomainUnavailable {
    try {
      CredentialType type = Flow.open(tenant, name, false).credentialType(false);
      return switch (type.exists()) {
        case NO -> Optional.empty();
        case BUSY -> throw busy();
        case YES, PERSONAL -> Optional.of(Person.provisional(name));
      };
    } catch (AadstsError e) {
      SignInRefused refused = e.refused();
      if (refused.reason() == SignInRefused.Reason.NO_SUCH_ACCOUNT) {
        return Optional.empty();
      }
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, refused.text(), e);
    }
  }

  /** Fetches and reads a first page, as for anybody: a name is only sent with what follows. */
  public static void warmUp(Tenant tenant) throws DomainUnavailable {
    try {
      Flow.open(tenant, NOBODY, false);
    } catch (AadstsError e) {
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, e.refused().text(), e);
    }
  }

  /** How the account of {@code flow} may sign in; asks again while the directory is busy. */
  static CredentialType patiently(Flow flow, boolean passwordless)
      throws DomainUnavailable, AadstsError {
    for (int wait : WAITS) {
      CredentialType type = flow.credentialType(passwordless);
      if (type.exists() != CredentialType.Exists.BUSY) {
        return type;
      }
      Web.pause(Duration.ofMillis(wait + ThreadLocalRandom.current().nextInt(250, 751)));
    }
    CredentialType type = flow.credentialType(passwordless);
    if (type.exists() == CredentialType.Exists.BUSY) {
      throw busy();
    }
    return type;
  }

  private static DomainUnavailable busy() {
    return new DomainUnavailable(DomainUnavailable.Kind.TEMPORARY, Refusals.BUSY);
  }
}
