package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.State;
import himmelblau.api.hello.Unlocked;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import java.util.Optional;

/**
 * {@code passwd} for the PIN: the old one, or everything that a first sign-in needs. A changed PIN
 * is a new key, so the directory must be reached.
 */
final class PinChange {
  private static final Log LOG = Log.of(PinChange.class);

  private final Host host;
  private final OnlineSignIn online;
  private final Completion completion;

  PinChange(Host host) {
    this.host = host;
    this.online = new OnlineSignIn(host, new Policy(host));
    this.completion = new Completion(host);
  }

  PamCode change(Attempt attempt) throws ConversationClosed {
    try {
      steps(attempt);
      LOG.info("login.pin.changed", "account", attempt.name());
      return PamCode.SUCCESS;
    } catch (Ended e) {
      LOG.info("login.pin.not_changed", "account", attempt.name(), "reason", e.text());
      if (e.kind() == Ended.Kind.UNKNOWN) {
        return PamCode.IGNORE;
      }
      attempt.dialogue().say(e.text());
      return PamCode.AUTH_ERR;
    } catch (ConversationClosed e) {
      if (e.reason() == ConversationClosed.Reason.GIVEN_UP) {
        return PamCode.CRED_INSUFFICIENT;
      }
      throw e;
    }
  }

  private void steps(Attempt attempt) throws ConversationClosed, Ended {
    Hello hello = host.hello().orElseThrow(() -> Ended.denied(Texts.PINS_ARE_OFF));
    State state = host.pinState(attempt.name());
    if (state == State.DISABLED) {
      throw Ended.denied(Texts.PINS_ARE_OFF);
    }
    DomainProvider domain =
        host.domains()
            .await(
                attempt.name().domain(),
                host.settings().domains().contains(attempt.name().domain()),
                host.settings().waitForPlugins(),
                attempt.dialogue())
            .orElseThrow(() -> Ended.unknown("nobody serves the domain"));
    attempt.dialogue().say(Texts.CHANGES_PIN);
    if (!domain.reachable()) {
      throw Ended.denied(Texts.OUTAGE);
    }
    try {
      Optional<Session> byPin =
          state == State.READY ? byOldPin(attempt, hello, domain) : Optional.empty();
      if (byPin.isPresent()) {
        try (Session session = byPin.get()) {
          replace(attempt, hello, domain, session);
        }
      } else {
        try (Proven proven = online.prove(attempt, domain, true)) {
          if (!proven.session().multiFactor() || proven.fallback()) {
            throw Ended.denied("Multi-factor authentication required.");
          }
          replace(attempt, hello, domain, proven.session());
        }
      }
    } catch (DomainUnavailable e) {
      LOG.warn("login.unavailable", "account", attempt.name(), "why", e.getMessage());
      throw Ended.of(e);
    } catch (SignInRefused e) {
      throw completion.refused(attempt, domain, e);
    }
  }

  /**
   * Asks for the PIN that is to be replaced.
   *
   * @return empty if it was forgotten (an empty answer), is lost now, or opens no session any more
   */
  private Optional<Session> byOldPin(Attempt attempt, Hello hello, DomainProvider domain)
      throws ConversationClosed, DomainUnavailable, SignInRefused, Ended {
    while (true) {
      try (Secret pin =
          attempt
              .dialogue()
              .hidden(
                  host.settings().pinPrompt(),
                  Texts.PIN,
                  Conversation.Kind.PASSING,
                  Texts.NO_PIN)) {
        if (pin.isEmpty()) {
          return Optional.empty();
        }
        try (Unlocked key = hello.unlock(attempt.name(), pin)) {
          return session(attempt, domain, key);
        }
      } catch (PinRefused e) {
        attempt.dialogue().say(Wrong.pin(attempt, e).text());
        if (e.remaining() == 0) {
          return Optional.empty();
        }
      } catch (KeyStoreUnavailable e) {
        LOG.error("login.keystore", e, "account", attempt.name());
        if (e.getCause() instanceof KeyRefused) {
          return Optional.empty(); // that key is dead; a full sign-in replaces it
        }
        throw Ended.denied(Texts.HARDWARE);
      }
    }
  }

  private static Optional<Session> session(Attempt attempt, DomainProvider domain, Unlocked key)
      throws DomainUnavailable, SignInRefused, KeyStoreUnavailable {
    try {
      if (key.kind() == HelloKind.REGISTERED) {
        return Optional.of(domain.signInWithHello(attempt.name(), key.key()));
      }
      Optional<Secret> renewal = key.read(Unlocked.Item.RENEWAL);
      if (renewal.isEmpty()) {
        return Optional.empty();
      }
      try (Secret secret = renewal.get()) {
        return Optional.of(domain.renew(attempt.name(), secret));
      }
    } catch (SignInRefused e) {
      if (e.reason() == SignInRefused.Reason.RENEWAL_DEAD) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void replace(Attempt attempt, Hello hello, DomainProvider domain, Session session)
      throws ConversationClosed, Ended {
    Account account = completion.record(attempt, domain, session);
    try (Secret pin = PinSetup.choose(attempt.dialogue(), hello, "")) {
      PinSetup.enrol(hello, domain, session, account, pin);
    } catch (PinSetup.Failed e) {
      LOG.warn("login.pin.not_enrolled", "account", account.name(), "why", e.getMessage());
      throw Ended.denied(Texts.PIN_SETUP_FAILED);
    }
  }
}
