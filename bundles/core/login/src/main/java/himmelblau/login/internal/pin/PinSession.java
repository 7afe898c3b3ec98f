package himmelblau.login.internal.pin;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.outcome.RefusalEffect;
import java.util.Optional;

/**
 * Opens a session with the Hello key that a PIN unlocked: with the key itself if it is registered
 * in the directory, else with the renewal that is sealed under it. A refusal that ends the renewal
 * also deletes it, because it must not open an offline session any more.
 */
final class PinSession {
  private PinSession() {}

  /**
   * @return empty if a local key protects no renewal
   */
  static Optional<Session> open(AccountName account, DomainProvider domain, UnlockedKey key)
      throws DomainUnavailable, SignInRefused, KeyStoreUnavailable {
    try {
      if (key.kind() == HelloKind.REGISTERED) {
        return Optional.of(domain.signInWithHello(account, key.key()));
      }
      Optional<Secret> renewal = key.read(UnlockedKey.Item.RENEWAL);
      if (renewal.isEmpty()) {
        return Optional.empty();
      }
      try (Secret secret = renewal.get()) {
        return Optional.of(domain.renew(account, secret));
      }
    } catch (SignInRefused e) {
      if (RefusalEffect.endsRenewal(e)) {
        key.delete(UnlockedKey.Item.RENEWAL);
      }
      throw e;
    }
  }

  /**
   * As {@link #open}, for callers that can do a full sign-in instead.
   *
   * @return empty also if the directory says that the key or the renewal is no longer valid
   */
  static Optional<Session> openIfValid(AccountName account, DomainProvider domain, UnlockedKey key)
      throws DomainUnavailable, SignInRefused, KeyStoreUnavailable {
    try {
      return open(account, domain, key);
    } catch (SignInRefused e) {
      if (e.reason() == SignInRefused.Reason.RENEWAL_DEAD) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
