package himmelblau.login.internal.pin;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.PinState;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.factors.StepPolicy;
import himmelblau.login.internal.outcome.ProvenSignIn;
import himmelblau.login.internal.outcome.SignInOutcome;
import himmelblau.login.internal.password.OnlineSignIn;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code passwd} for the PIN: requires the old PIN, or everything that a first sign-in requires. A
 * changed PIN is a new key, so the directory must be reachable.
 */
public final class PinChange {
  private static final Log LOG = Log.of(PinChange.class);

  private final SignInEnvironment environment;
  private final OnlineSignIn online;
  private final SignInOutcome outcome;
  private final StepPolicy policy;
  private final LocalCode codes;

  public PinChange(SignInEnvironment environment) {
    this.environment = environment;
    this.policy = new StepPolicy(environment);
    this.codes = new LocalCode(environment);
    this.online = new OnlineSignIn(environment, policy);
    this.outcome = new SignInOutcome(environment);
  }

  public PamCode change(SignInAttempt attempt) throws ConversationClosed {
    try {
      steps(attempt);
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .info("login.pin.changed", "account", attempt.name());
      return PamCode.SUCCESS;
    } catch (SignInEnded e) {
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.DENIED)
          .info("login.pin.not_changed", "account", attempt.name(), "reason", e.text());
      if (e.kind() == SignInEnded.Kind.UNKNOWN) {
        return PamCode.IGNORE;
      }
      attempt.conversation().say(e.text());
      return e.code() == PamCode.MAXTRIES ? PamCode.MAXTRIES : PamCode.AUTH_ERR;
    } catch (ConversationClosed e) {
      if (e.reason() != ConversationClosed.Reason.GIVEN_UP) {
        throw e;
      }
      SignInEnded end = attempt.conversation().end();
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.DENIED)
          .info("login.pin.not_changed", "account", attempt.name(), "reason", end.text());
      if (end.code() != PamCode.CRED_INSUFFICIENT) {
        attempt.conversation().say(end.text()); // not the user's own wish
      }
      return end.code();
    }
  }

  private void steps(SignInAttempt attempt) throws ConversationClosed, SignInEnded {
    Hello hello =
        environment.hello().orElseThrow(() -> SignInEnded.denied(PromptTexts.PINS_ARE_OFF));
    PinState state = environment.pinState(attempt.name(), attempt.origin());
    if (state == PinState.DISABLED) {
      throw SignInEnded.denied(PromptTexts.PINS_ARE_OFF);
    }
    DomainProvider domain =
        environment
            .domains()
            .await(
                attempt.name().domain(),
                environment.settings().domains().contains(attempt.name().domain()),
                environment.settings().waitForPlugins(),
                attempt.conversation())
            .orElseThrow(() -> SignInEnded.unknown("no bundle serves the domain"));
    attempt.conversation().say(PromptTexts.CHANGES_PIN);
    if (!domain.reachable()) {
      throw SignInEnded.denied(PromptTexts.OUTAGE);
    }
    try {
      Optional<Opened> byPin =
          state == PinState.READY ? byOldPin(attempt, hello, domain) : Optional.empty();
      try (Secret pin = PinSetup.choose(attempt, hello, "")) {
        if (byPin.isEmpty() || !replaced(attempt, hello, domain, byPin.get(), pin)) {
          byFullSignIn(attempt, hello, domain, pin, byPin.flatMap(Opened::app));
        }
      } finally {
        byPin.ifPresent(Opened::close);
      }
    } catch (DomainUnavailable e) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED)
          .warn("login.unavailable", "account", attempt.name(), "why", e.getMessage());
      throw SignInEnded.of(e);
    } catch (SignInRefused e) {
      throw outcome.refused(attempt, domain, e);
    } catch (KeyStoreUnavailable e) {
      LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
          .error("login.keystore", e, "account", attempt.name());
      throw SignInEnded.denied(PromptTexts.HARDWARE + "\n" + e.getMessage());
    } catch (PinSetup.Failed e) {
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.FAILED)
          .warn("login.pin.not_enrolled", "account", attempt.name(), "why", e.getMessage());
      throw SignInEnded.denied(PromptTexts.PIN_SETUP_FAILED);
    }
  }

  /**
   * The key and session that the old PIN opened.
   *
   * @param kind of its key
   * @param app the secret of the one-time codes, which the new PIN keeps
   */
  private record Opened(Session session, HelloKind kind, Optional<Secret> app)
      implements AutoCloseable {
    @Override
    public void close() {
      session.close();
      app.ifPresent(Secret::close);
    }
  }

  /** The directory requires more than the old PIN before it accepts a new key. */
  private static final class Insufficient extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @return false if the old PIN's session is not sufficient for a key of the same kind as the old
   *     one
   */
  private boolean replaced(
      SignInAttempt attempt, Hello hello, DomainProvider domain, Opened opened, Secret pin)
      throws SignInEnded, KeyStoreUnavailable, PinSetup.Failed {
    if (!opened.session().multiFactor()) {
      return false;
    }
    Account account = outcome.record(attempt, domain, opened.session());
    UUID user = account.objectId().orElseThrow();
    try (UnlockedKey key =
        hello.<Exception>enrol(
            account.name(),
            user,
            pin,
            fresh -> {
              HelloKind kind = PinSetup.register(domain, opened.session(), fresh);
              if (kind == HelloKind.LOCAL && opened.kind() == HelloKind.REGISTERED) {
                throw new Insufficient();
              }
              return kind;
            })) {
      PinSetup.seal(key, opened.session());
      LocalCode.carry(opened.app(), key);
      environment.renewals().signedIn(account, opened.session());
      return true;
    } catch (Insufficient e) {
      return false;
    } catch (KeyStoreUnavailable | PinSetup.Failed | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void byFullSignIn(
      SignInAttempt attempt, Hello hello, DomainProvider domain, Secret pin, Optional<Secret> app)
      throws ConversationClosed,
          DomainUnavailable,
          SignInRefused,
          KeyStoreUnavailable,
          SignInEnded,
          PinSetup.Failed {
    try (ProvenSignIn proven = online.prove(attempt, domain, true, false)) {
      if (!proven.twoFactors()) {
        throw SignInEnded.denied(PromptTexts.MFA_REQUIRED);
      }
      Account account = outcome.record(attempt, domain, proven.session());
      try (UnlockedKey key = PinSetup.enrol(hello, domain, proven.session(), account, pin)) {
        LocalCode.carry(app, key);
        if (policy.codeNeeded(attempt, true)) {
          codes.offer(attempt, key);
        }
      }
      outcome.remember(account, proven);
      environment.renewals().signedIn(account, proven.session());
    }
  }

  /**
   * Asks for the PIN that is to be replaced.
   *
   * @return empty if the user has forgotten it (an empty answer), it was deleted now, or it opens
   *     no session any more
   */
  private Optional<Opened> byOldPin(SignInAttempt attempt, Hello hello, DomainProvider domain)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    while (true) {
      try (Secret pin =
          attempt
              .conversation()
              .hidden(
                  environment.settings().pinPrompt(),
                  PromptTexts.PIN,
                  Conversation.Kind.OLD_AUTHTOK,
                  PromptTexts.NO_PIN)) {
        if (pin.isEmpty()) {
          return Optional.empty();
        }
        try (UnlockedKey key = PinSignIn.unlock(attempt, hello, pin)) {
          return opened(attempt, domain, key);
        }
      } catch (PinRefused e) {
        SignInEnded wrong = WrongPinResponse.pin(attempt, e);
        attempt.countRefusal(wrong.text());
        attempt.conversation().say(wrong.text());
        if (e.remaining() == 0) {
          return Optional.empty();
        }
      } catch (KeyStoreUnavailable e) {
        LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
            .error("login.keystore", e, "account", attempt.name());
        if (e.getCause() instanceof KeyRefused) {
          return Optional.empty(); // that key is not valid any more; a full sign-in replaces it
        }
        throw SignInEnded.denied(PromptTexts.HARDWARE + "\n" + e.getMessage());
      }
    }
  }

  private static Optional<Opened> opened(
      SignInAttempt attempt, DomainProvider domain, UnlockedKey key)
      throws DomainUnavailable, SignInRefused, KeyStoreUnavailable {
    Optional<Session> session = PinSession.openIfValid(attempt.name(), domain, key);
    if (session.isEmpty()) {
      return Optional.empty();
    }
    boolean done = false;
    try {
      Opened opened = new Opened(session.get(), key.kind(), LocalCode.kept(key));
      done = true;
      return Optional.of(opened);
    } finally {
      if (!done) {
        session.get().close();
      }
    }
  }
}
