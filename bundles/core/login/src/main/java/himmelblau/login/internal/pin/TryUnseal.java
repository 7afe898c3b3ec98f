package himmelblau.login.internal.pin;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.PinState;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.SubstitutePassword;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.outcome.DeviceRemoval;
import himmelblau.login.internal.outcome.RefusalEffect;
import java.util.Optional;

/**
 * {@code try_unseal}: another PAM module signed the user in, and the password it left may be the
 * PIN. Renews the session that the PIN protects, in the background and without messages. A password
 * that is not the PIN counts where it cannot delete the PIN (decision 0642).
 */
public final class TryUnseal {
  private static final Log LOG = Log.of(TryUnseal.class);

  private final SignInEnvironment environment;

  public TryUnseal(SignInEnvironment environment) {
    this.environment = environment;
  }

  public void unseal(Account account, SignInRequest request) {
    Optional<Hello> hello = environment.hello();
    Optional<DomainProvider> domain = environment.domains().find(account.name().domain());
    if (hello.isEmpty()
        || domain.isEmpty()
        || request.authtok().isEmpty()
        || environment.pinState(account.name(), PinOrigin.OTHER_MODULE) != PinState.READY) {
      return;
    }
    Secret authtok = request.authtok().get();
    if (SubstitutePassword.matches(authtok) || hello.get().objection(authtok).isPresent()) {
      return; // cannot be a PIN of ours: costs no attempt
    }
    try (UnlockedKey key = hello.get().unlock(account.name(), authtok, PinOrigin.OTHER_MODULE)) {
      renew(account, domain.get(), key);
      LOG.info("login.unsealed", "account", account.name());
    } catch (PinRefused e) {
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.DENIED)
          .warn(
              "login.wrong", "account", account.name(), "what", "unseal", "attempts", e.attempts());
    } catch (KeyStoreUnavailable | DomainUnavailable | SignInRefused e) {
      LOG.warn("login.unseal", "account", account.name(), "why", e.getMessage());
    }
  }

  private void renew(Account account, DomainProvider domain, UnlockedKey key)
      throws DomainUnavailable, SignInRefused, KeyStoreUnavailable {
    try {
      Optional<Session> opened = PinSession.open(account.name(), domain, key);
      if (opened.isPresent()) {
        try (Session session = opened.get()) {
          PinSetup.seal(key, session);
          environment.renewals().signedIn(account, session);
        }
      }
    } catch (SignInRefused e) {
      RefusalEffect.record(environment, account.name(), e);
      if (e.reason() == SignInRefused.Reason.DEVICE_REMOVED) {
        DeviceRemoval.removed(environment, domain);
      }
      throw e;
    }
  }
}
