package himmelblau.login.internal.pin;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.admission.Admission;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.TypedAnswers;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.factors.StepPolicy;
import himmelblau.login.internal.offline.HostClock;
import himmelblau.login.internal.outcome.ProvenSignIn;
import himmelblau.login.internal.outcome.SignInOutcome;
import himmelblau.login.internal.password.OnlineSignIn;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Signs in with the PIN (entra-hello-graph 1.8). The PIN is verified with its key before anything
 * is sent to the directory, so a lost network never makes a wrong PIN acceptable.
 */
public final class PinSignIn {
  private static final Log LOG = Log.of(PinSignIn.class);

  private final SignInEnvironment environment;
  private final StepPolicy policy;
  private final OnlineSignIn full;
  private final SignInOutcome outcome;
  private final LocalCode codes;
  private final Admission admission;

  public PinSignIn(
      SignInEnvironment environment,
      StepPolicy policy,
      OnlineSignIn full,
      SignInOutcome outcome,
      Admission admission) {
    this.environment = environment;
    this.policy = policy;
    this.full = full;
    this.outcome = outcome;
    this.admission = admission;
    this.codes = new LocalCode(environment);
  }

  public Account signIn(SignInAttempt attempt, DomainProvider domain, BooleanSupplier online)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    LOG.info("login.step", "account", attempt.name(), "step", "pin");
    attempt.goOnWith("pin");
    Hello hello = environment.hello().orElseThrow(() -> SignInEnded.denied(PromptTexts.WRONG_PIN));
    try (Secret pin =
        attempt
            .conversation()
            .credential(environment.settings().pinPrompt(), PromptTexts.PIN, PromptTexts.NO_PIN)) {
      if (pin.isEmpty()) {
        throw SignInEnded.refused(PamCode.CRED_INSUFFICIENT, PromptTexts.NO_PIN);
      }
      try (UnlockedKey key = unlock(attempt, hello, pin)) {
        return online.getAsBoolean()
            ? admitted(attempt, domain, hello, key, pin)
            : offline(attempt, domain, key);
      }
    } catch (PinRefused e) {
      throw WrongPinResponse.pin(attempt, e);
    } catch (KeyStoreUnavailable e) {
      LOG.audit(AuditKind.KEY, AuditOutcome.FAILED)
          .error("login.keystore", e, "account", attempt.name());
      if (e.getCause() instanceof KeyRefused) {
        attempt.giveUpPin();
      } else {
        attempt.setPinAside(); // a TPM in lockout, say: the PIN works again afterwards
      }
      throw SignInEnded.denied(PromptTexts.HARDWARE + "\n" + e.getMessage());
    }
  }

  /** Opens the key with the typed PIN (borrowed), once for each answer. */
  static UnlockedKey unlock(SignInAttempt attempt, Hello hello, Secret pin)
      throws PinRefused, KeyStoreUnavailable, SignInEnded {
    TypedAnswers.Given given = attempt.answers().take(pin, TypedAnswers.Use.PIN);
    try {
      return hello.unlock(attempt.name(), pin, attempt.origin());
    } catch (PinRefused e) {
      given.refuse();
      throw e;
    }
  }

  private Account admitted(
      SignInAttempt attempt, DomainProvider domain, Hello hello, UnlockedKey key, Secret pin)
      throws ConversationClosed,
          DomainUnavailable,
          SignInRefused,
          KeyStoreUnavailable,
          SignInEnded {
    Optional<Session> session;
    try {
      session = PinSession.openIfValid(attempt.name(), domain, key);
    } catch (SignInRefused e) {
      // The PIN was right, so this is not a wrong PIN; asking for it again would not help either.
      attempt.giveUpPin();
      throw e;
    } catch (DomainUnavailable e) {
      if (e.kind() == DomainUnavailable.Kind.PROTOCOL) {
        throw e;
      }
      LOG.warn("login.downgrade", "account", attempt.name(), "why", e.getMessage());
      return offline(attempt, domain, key);
    }
    if (session.isEmpty()) {
      return again(attempt, domain, hello, key, pin, true);
    }
    boolean code = policy.codeNeeded(attempt, true);
    boolean full = false;
    try (Session open = session.get()) {
      // The PIN alone must not set up an app: the code protects against whoever found out the PIN.
      full =
          (code && !codes.enrolled(key))
              || (policy.forceMfa(attempt, domain) && !open.multiFactor());
      if (!full) {
        Account account = outcome.record(attempt, domain, open);
        if (code) {
          codes.verify(attempt, key);
        }
        PinSetup.seal(key, open);
        return admission.admit(attempt, account, Optional.of(open));
      }
    }
    return again(attempt, domain, hello, key, pin, false);
  }

  /**
   * A full sign-in that keeps the PIN, because it was correct.
   *
   * @param dead whether the key cannot open a session any more. One that the directory knew is
   *     replaced under the same PIN. A local one came from a browser on another device, so that is
   *     where its user goes again, and gets a new renewal.
   */
  private Account again(
      SignInAttempt attempt,
      DomainProvider domain,
      Hello hello,
      UnlockedKey key,
      Secret pin,
      boolean dead)
      throws ConversationClosed,
          DomainUnavailable,
          SignInRefused,
          KeyStoreUnavailable,
          SignInEnded {
    LOG.info("login.step", "account", attempt.name(), "step", "renew_pin");
    boolean renewalEnded = dead && key.kind() == HelloKind.LOCAL;
    if (renewalEnded) {
      attempt.conversation().say(PromptTexts.RENEWAL_ENDED);
    }
    try (ProvenSignIn proven = full.prove(attempt, domain, true, renewalEnded)) {
      Account account = outcome.record(attempt, domain, proven.session());
      outcome.reopenPin(attempt, proven);
      boolean code = policy.codeNeeded(attempt, true);
      if (code && codes.enrolled(key)) {
        codes.verify(attempt, key);
      }
      if (dead && !renewalEnded) {
        renewKey(attempt, domain, hello, key, pin, proven, account);
      } else {
        PinSetup.seal(key, proven.session());
        offerCode(attempt, proven, key);
      }
      outcome.remember(account, proven);
      return admission.admit(attempt, account, Optional.of(proven.session()));
    }
  }

  private void renewKey(
      SignInAttempt attempt,
      DomainProvider domain,
      Hello hello,
      UnlockedKey key,
      Secret pin,
      ProvenSignIn proven,
      Account account)
      throws ConversationClosed, KeyStoreUnavailable {
    Optional<Secret> app = LocalCode.kept(key);
    try (UnlockedKey fresh = PinSetup.enrol(hello, domain, proven.session(), account, pin)) {
      LocalCode.carry(app, fresh);
      offerCode(attempt, proven, fresh);
    } catch (PinSetup.Failed e) {
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.FAILED)
          .warn("login.pin.not_enrolled", "account", account.name(), "why", e.getMessage());
    } finally {
      app.ifPresent(Secret::close);
    }
  }

  private void offerCode(SignInAttempt attempt, ProvenSignIn proven, UnlockedKey key)
      throws ConversationClosed {
    if (policy.codeNeeded(attempt, true) && proven.twoFactors()) {
      codes.offer(attempt, key);
    }
  }

  /** The PIN alone, as long as the last renewal is valid. */
  private Account offline(SignInAttempt attempt, DomainProvider domain, UnlockedKey key)
      throws ConversationClosed, KeyStoreUnavailable, SignInEnded {
    // Deleted in the directory, so its word does not last; nor without a renewal: it has called it
    // dead since, or gave none.
    if (!domain.opensOffline()) {
      throw SignInEnded.denied(
          domain.joined() ? PromptTexts.DISABLED_OFFLINE : PromptTexts.OFFLINE_EXPIRED);
    }
    if (environment.disabledAccounts().has(attempt.name())) {
      throw SignInEnded.denied(PromptTexts.OFFLINE_EXPIRED); // the directory decides, once reached
    }
    HostClock clock = environment.clock();
    if (clock.behind()) {
      throw SignInEnded.denied(PromptTexts.CLOCK_BEHIND.replace("{time}", clock.now().toString()));
    }
    clock.seen();
    Optional<Secret> renewal = key.read(UnlockedKey.Item.RENEWAL);
    try (Secret secret =
        renewal.orElseThrow(() -> SignInEnded.denied(PromptTexts.OFFLINE_EXPIRED))) {
      if (!domain.renewalAlive(secret)) {
        throw SignInEnded.denied(PromptTexts.OFFLINE_EXPIRED);
      }
      Account account = admission.admit(attempt, known(attempt, key), Optional.empty());
      environment.renewals().signedIn(account, secret);
      return account;
    }
  }

  /** The account of the key, after the code if one is demanded. */
  private Account known(SignInAttempt attempt, UnlockedKey key)
      throws ConversationClosed, KeyStoreUnavailable, SignInEnded {
    if (policy.codeNeeded(attempt, false)) {
      if (!codes.enrolled(key)) {
        throw SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.NO_CODE_APP);
      }
      codes.verify(attempt, key);
    }
    // The key belongs to the object id, so the account it is found by is the right one.
    return environment
        .directory()
        .account(attempt.name())
        .filter(found -> found.objectId().filter(key.objectId()::equals).isPresent())
        .orElseThrow(() -> SignInEnded.denied(PromptTexts.DATA_MISSING));
  }
}
