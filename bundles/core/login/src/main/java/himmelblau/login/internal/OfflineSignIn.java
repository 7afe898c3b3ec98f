package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import java.util.UUID;

/** Signs in with a password that was good before the network went away (host-behaviour 7.5). */
final class OfflineSignIn {
  private static final Log LOG = Log.of(OfflineSignIn.class);

  private final Host host;

  OfflineSignIn(Host host) {
    this.host = host;
  }

  Account signIn(Attempt attempt, DomainProvider domain) throws ConversationClosed, Ended {
    Account account = host.directory().account(attempt.name()).orElseThrow(this::outage);
    UUID user = account.objectId().orElseThrow(this::outage);
    if (!attempt.trusted()
        || !domain.opensOffline() // deleted or disabled in the directory, whoever holds it now
        || !good(attempt, host.verifiers().standing(user))) {
      throw outage();
    }
    LOG.info("login.step", "account", attempt.name(), "step", "cached_password");
    try (Secret password =
        OnlineSignIn.askPassword(attempt, host.settings().passwordPrompt(), Texts.PASSWORD)) {
      Answers.Given given = attempt.answers().take(password, Answers.Use.PASSWORD);
      if (!host.verifiers().guesses().right(attempt.dialogue(), user, password)) {
        given.refuse();
        throw Ended.denied(Texts.OFFLINE_FAILED);
      }
      return account;
    } catch (KeyStoreUnavailable e) {
      LOG.error("login.keystore", e, "account", attempt.name());
      throw Ended.refused(PamCode.ABORT, Texts.HARDWARE);
    }
  }

  private boolean good(Attempt attempt, Verifiers.Standing standing) {
    return switch (standing) {
      case NONE -> false;
      case PASSWORD_ONLY -> true;
      case MULTI_FACTOR ->
          host.breakglass().get().stream().anyMatch(policy -> policy.active(attempt.name()));
    };
  }

  private Ended outage() {
    return Ended.refused(PamCode.ABORT, Texts.OUTAGE);
  }
}
