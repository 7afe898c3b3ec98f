package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.PinState;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.login.internal.admission.Admission;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.environment.PluginRegistry;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.factors.StepPolicy;
import himmelblau.login.internal.limits.UnknownNameLimit;
import himmelblau.login.internal.outcome.ProvenSignIn;
import himmelblau.login.internal.outcome.SignInOutcome;
import himmelblau.login.internal.password.OfflineSignIn;
import himmelblau.login.internal.password.OnlineSignIn;
import himmelblau.login.internal.pin.LocalCode;
import himmelblau.login.internal.pin.PinSetup;
import himmelblau.login.internal.pin.PinSignIn;
import himmelblau.login.internal.settings.LoginSettings;
import java.time.Duration;
import java.util.Optional;

/** Repeats attempts until a user is signed in or the call has to end (host-behaviour 2.10). */
final class SignInLoop {
  private static final Log LOG = Log.of(SignInLoop.class);
  private static final Duration AFTER_DENIAL = Duration.ofSeconds(2);

  private final SignInEnvironment environment;
  private final StepPolicy policy;
  private final SignInOutcome outcome;
  private final OnlineSignIn online;
  private final PinSignIn pins;
  private final OfflineSignIn offline;
  private final Admission admission;
  private final UnknownNameLimit unknownNames = new UnknownNameLimit(System::nanoTime);
  private final LocalCode codes;

  SignInLoop(SignInEnvironment environment) {
    this.environment = environment;
    policy = new StepPolicy(environment);
    outcome = new SignInOutcome(environment);
    online = new OnlineSignIn(environment, policy);
    admission = new Admission(environment);
    codes = new LocalCode(environment);
    pins = new PinSignIn(environment, policy, online, outcome, admission);
    offline = new OfflineSignIn(environment);
  }

  /**
   * A denial shows its reason, pauses and starts over, up to {@link SignInAttempt#MOST_REFUSALS}.
   */
  Account signIn(SignInAttempt attempt) throws ConversationClosed, SignInEnded {
    while (true) {
      int asked = attempt.conversation().questions();
      try {
        return round(attempt);
      } catch (SignInEnded e) {
        if (e.kind() != SignInEnded.Kind.UNKNOWN) {
          environment.refusals().here(attempt.name(), e.text());
        }
        if (e.kind() != SignInEnded.Kind.DENIED) {
          throw e;
        }
        LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
            .info("login.denied", "account", attempt.name(), "reason", e.text());
        if (attempt.conversation().questions() == asked) {
          // No question was asked in this round, so the next one would be identical.
          throw SignInEnded.refused(PamCode.ABORT, e.text());
        }
        if (!attempt.conversation().service().severalPrompts()) {
          // The program would give the same answer again, and a phone would ring again.
          throw SignInEnded.refused(e.code(), e.text());
        }
        attempt.countRefusal(e.text());
        attempt.conversation().say(e.text());
        attempt.conversation().pause(AFTER_DENIAL);
      }
    }
  }

  private Account round(SignInAttempt attempt) throws ConversationClosed, SignInEnded {
    DomainProvider domain = provider(attempt);
    awaitHello(attempt);
    try (ReachabilityCheck reachability =
        new ReachabilityCheck(
            domain, environment.domains().all(), environment.breakglass().get())) {
      if (attempt.flag(Flag.FORCE_REAUTH) && !reachability.online()) {
        throw SignInEnded.refused(PamCode.ABORT, PromptTexts.REAUTH_NEEDS_NETWORK);
      }
      // A host that was removed from the domain cannot use a PIN; when it is also offline
      // there is nothing else to ask for, and a user who knows the PIN is told what to do.
      if (policy.pinPossible(attempt) && (domain.joined() || !reachability.online())) {
        return pins.signIn(attempt, domain, reachability::online);
      }
      if (reachability.online()) {
        requireExisting(attempt, domain);
        return full(attempt, domain);
      }
    } catch (DomainUnavailable e) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.FAILED)
          .warn("login.unavailable", "account", attempt.name(), "why", e.getMessage());
      if (e.kind() != DomainUnavailable.Kind.NETWORK) {
        throw SignInEnded.of(e);
      }
      return networkLost(attempt, domain);
    } catch (SignInRefused e) {
      throw outcome.refused(attempt, domain, e);
    }
    return admission.admit(attempt, offline.signIn(attempt, domain), Optional.empty());
  }

  /** The directory answered before, but does not answer now. */
  private Account networkLost(SignInAttempt attempt, DomainProvider domain)
      throws ConversationClosed, SignInEnded {
    if (attempt.conversation().questions() > 0 || attempt.flag(Flag.FORCE_REAUTH)) {
      throw SignInEnded.denied(PromptTexts.UNREACHABLE); // the next round begins offline
    }
    if (policy.pinPossible(attempt)) {
      try {
        return pins.signIn(attempt, domain, () -> false);
      } catch (DomainUnavailable | SignInRefused e) {
        throw SignInEnded.denied(PromptTexts.UNREACHABLE);
      }
    }
    return admission.admit(attempt, offline.signIn(attempt, domain), Optional.empty());
  }

  private Account full(SignInAttempt attempt, DomainProvider domain)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    boolean force = policy.forceMfa(attempt, domain);
    try (ProvenSignIn proven = online.prove(attempt, domain, force, false)) {
      Account account = outcome.record(attempt, domain, proven.session());
      outcome.reopenPin(attempt, proven);
      Optional<Hello> hello = environment.hello();
      if (hello.isPresent() && pinWanted(attempt, proven)) {
        setUpPin(attempt, hello.get(), domain, proven, account);
      }
      outcome.remember(account, proven);
      return admission.admit(attempt, account, Optional.of(proven.session()));
    }
  }

  private void setUpPin(
      SignInAttempt attempt,
      Hello hello,
      DomainProvider domain,
      ProvenSignIn proven,
      Account account)
      throws ConversationClosed {
    Optional<UnlockedKey> fresh = PinSetup.offer(attempt, hello, domain, proven.session(), account);
    if (fresh.isPresent()) {
      try (UnlockedKey key = fresh.get()) {
        if (policy.codeNeeded(attempt, true)) {
          codes.offer(attempt, key);
        }
      }
    }
  }

  /** A PIN replaces two factors, so it is only offered to a user who has just proven two. */
  private boolean pinWanted(SignInAttempt attempt, ProvenSignIn proven) {
    PinState state = environment.pinState(attempt.name(), attempt.origin());
    return attempt.trusted()
        && attempt.conversation().service().severalPrompts() // it is typed twice
        && !attempt.flag(Flag.NO_HELLO_PIN)
        && proven.twoFactors()
        && (state == PinState.NONE
            || state == PinState.LOCKED
            || (state == PinState.READY && attempt.pinReplaceable()));
  }

  private DomainProvider provider(SignInAttempt attempt) throws ConversationClosed, SignInEnded {
    String domain = attempt.name().domain();
    LoginSettings settings = environment.settings();
    boolean configured = settings.domains().contains(domain);
    return environment
        .domains()
        .await(domain, configured, settings.waitForPlugins(), attempt.conversation())
        .orElseThrow(
            () ->
                configured
                    ? SignInEnded.refused(PamCode.ABORT, PromptTexts.BUSY)
                    : SignInEnded.unknown("no bundle serves the domain " + domain));
  }

  /** Waits for a Hello bundle that is being replaced, so that the user does not need MFA. */
  private void awaitHello(SignInAttempt attempt) throws ConversationClosed {
    LoginSettings settings = environment.settings();
    if (settings.hello()) {
      PluginRegistry<Hello> hellos = environment.hellos();
      hellos.await(
          SignInEnvironment.HELLO,
          hellos.starting(),
          settings.waitForPlugins(),
          attempt.conversation());
    }
  }

  /** Checked before any prompt: an unknown account is left to other PAM modules. */
  private void requireExisting(SignInAttempt attempt, DomainProvider domain)
      throws DomainUnavailable, SignInEnded {
    if (environment.directory().account(attempt.name()).isPresent()) {
      return;
    }
    if (!unknownNames.mayAsk(attempt.caller())) {
      throw SignInEnded.unknown("too many unknown names were asked for");
    }
    if (domain.find(attempt.name()).isEmpty()) {
      throw SignInEnded.unknown("the directory does not have this account");
    }
  }
}
