package himmelblau.domain.entra.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.domain.entra.internal.Tenant;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Refusals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether an account exists, without starting a sign-in. Keeps the current page for a while,
 * so that a lookup, which waits for a fraction of a second, needs one round trip instead of two.
 * Thread-safe.
 */
public final class AccountProbe {
  private static final int[] WAITS = {1000, 3000};
  private static final Duration FRESH = Duration.ofMinutes(5);
  private static final AccountName NOBODY = AccountName.parse("nobody@invalid").orElseThrow();

  private record Page(SignInFlow flow, Instant until) {}

  private final Clock clock;
  private final AtomicReference<@Nullable Page> kept = new AtomicReference<>();

  public AccountProbe(Clock clock) {
    this.clock = clock;
  }

  /** Whether {@code name} exists; once, since a lookup waits for it. */
  public Optional<DirectoryUser> find(Tenant tenant, AccountName name) throws DomainUnavailable {
    try {
      return switch (ask(tenant, name).exists()) {
        case NO -> Optional.empty();
        case BUSY -> throw busy();
        case YES, PERSONAL -> Optional.of(DirectoryUser.provisional(name));
      };
    } catch (AadstsError e) {
      SignInRefused refused = e.refused();
      if (refused.reason() == SignInRefused.Reason.NO_SUCH_ACCOUNT) {
        return Optional.empty();
      }
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, refused.text(), e);
    }
  }

  private CredentialType ask(Tenant tenant, AccountName name)
      throws DomainUnavailable, AadstsError {
    // Concurrent callers open their own page: cookies are used by one thread only.
    Page page = kept.getAndSet(null);
    if (page != null
        && page.until().isAfter(clock.instant())
        && !page.until().isAfter(clock.instant().plus(FRESH)) // the clock was set back
        && page.flow().tenant().authority().equals(tenant.authority())) {
      try {
        return asked(page, name);
      } catch (AadstsError e) {
        // Maybe the page is too old: a new one decides.
      } catch (DomainUnavailable e) {
        if (e.kind() != DomainUnavailable.Kind.PROTOCOL) {
          throw e;
        }
      }
    }
    return asked(opened(tenant), name);
  }

  private CredentialType asked(Page page, AccountName name) throws DomainUnavailable, AadstsError {
    CredentialType type = page.flow().about(name).credentialType(false);
    kept.set(page);
    return type;
  }

  private Page opened(Tenant tenant) throws DomainUnavailable, AadstsError {
    return new Page(SignInFlow.open(tenant, NOBODY, false), clock.instant().plus(FRESH));
  }

  /**
   * Fetches and reads the page, which is the same for all users: the name is sent with the next
   * request.
   */
  public void warmUp(Tenant tenant) throws DomainUnavailable {
    try {
      kept.set(opened(tenant));
    } catch (AadstsError e) {
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, e.refused().text(), e);
    }
  }

  /** How the account of {@code flow} may sign in; asks again while the directory is busy. */
  static CredentialType patiently(SignInFlow flow, boolean passwordless)
      throws DomainUnavailable, AadstsError {
    for (int wait : WAITS) {
      CredentialType type = flow.credentialType(passwordless);
      if (type.exists() != CredentialType.Exists.BUSY) {
        return type;
      }
      DomainHttp.pause(Duration.ofMillis(wait + ThreadLocalRandom.current().nextInt(250, 751)));
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
