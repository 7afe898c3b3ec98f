package himmelblau.login.internal.password;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.TypedAnswers;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.factors.FactorVerification;
import himmelblau.login.internal.factors.RequiredFactors;
import himmelblau.login.internal.factors.StepPolicy;
import himmelblau.login.internal.outcome.DeviceRemoval;
import himmelblau.login.internal.outcome.ProvenSignIn;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Signs in with what the directory asks for: password, further factors, a new password. */
public final class OnlineSignIn {
  private static final Log LOG = Log.of(OnlineSignIn.class);
  private static final int[] BUSY_PAUSES = {1, 3, 7}; // seconds

  /** More steps than any sign-in needs; stops a provider that loops. */
  private static final int MOST_STEPS = 20;

  private final SignInEnvironment environment;
  private final StepPolicy policy;
  private final FactorVerification factors;

  public OnlineSignIn(SignInEnvironment environment, StepPolicy policy) {
    this.environment = environment;
    this.policy = policy;
    this.factors = new FactorVerification(environment, policy);
  }

  /**
   * Guides the user through the sign-in. The caller closes the result.
   *
   * @param browserFirst begin with a browser on another device, if one may be used
   * @throws DomainUnavailable the directory cannot be reached any more
   */
  public ProvenSignIn prove(
      SignInAttempt attempt, DomainProvider domain, boolean forceMfa, boolean browserFirst)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    if (!domain.joined()) {
      // This sign-in may join it: nothing of before may outlast that, even if the daemon was killed
      // when it heard that the host was removed.
      DeviceRemoval.endOffline(environment, domain);
    }
    try (Given given = new Given()) {
      try (SignIn signIn = begin(attempt, domain, forceMfa, browserFirst)) {
        return steps(attempt, signIn, forceMfa, false, given);
      } catch (SignInRefused e) {
        if (!fallbackAllowed(forceMfa, domain, e) || given.absent() || given.factorTried) {
          throw e;
        }
        LOG.info("login.step", "account", attempt.name(), "step", "password_only_fallback");
        try (SignIn signIn = begin(attempt, domain, false, false)) {
          return steps(attempt, signIn, false, true, given);
        }
      }
    }
  }

  private boolean fallbackAllowed(boolean forceMfa, DomainProvider domain, SignInRefused e) {
    // Never after a factor was tried: a denied or wrong factor must not be treated as a missing
    // one.
    return forceMfa
        && environment.settings().passwordOnlyFallback()
        && domain.joined()
        && (e.reason() == SignInRefused.Reason.NOT_SUPPORTED
            || e.reason() == SignInRefused.Reason.FACTOR_MISSING
            || (e.reason() == SignInRefused.Reason.FACTOR_FAILED && !e.retry()));
  }

  private ProvenSignIn steps(
      SignInAttempt attempt, SignIn signIn, boolean forceMfa, boolean fallback, Given given)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    boolean reuse = fallback;
    Step step = signIn.step();
    for (int taken = 0; taken < MOST_STEPS; taken++) {
      switch (step) {
        case Step.NeedPassword need -> {
          if (!reuse) {
            if (!given.absent()) {
              given.refuse(); // asked for again: the last one was not accepted
              endVerifier(attempt, given.get());
              attempt.countRefusal(PromptTexts.FAILED);
            }
            given.typed(attempt, password(attempt, need));
          }
          reuse = false;
          step = handedIn(attempt, signIn, given);
        }
        case Step.NeedFactor need -> {
          if (fallback) {
            throw SignInEnded.noMethod(PromptTexts.NO_METHOD_HERE);
          }
          given.factorTried = true;
          Optional<FactorVerification.Proven> proven = factors.prove(attempt, signIn, need);
          if (proven.filter(FactorVerification.Proven::elsewhere).isPresent()) {
            given.close(); // the browser may have changed the password
          }
          step = proven.isPresent() ? proven.get().next() : instead(need);
        }
        case Step.NeedNewPassword need -> {
          if (given.absent()) {
            throw SignInEnded.refused(PamCode.AUTH_ERR, PromptTexts.PASSWORD_CHANGE_REQUIRED);
          }
          if (!attempt.conversation().service().severalPrompts()) {
            throw SignInEnded.noMethod(PromptTexts.NEW_PASSWORD_ELSEWHERE);
          }
          NewPassword.Changed changed = NewPassword.ask(signIn, given.get(), attempt);
          given.replace(changed.password());
          step = changed.next();
        }
        case Step.Complete complete -> {
          RequiredFactors.check(complete.session(), forceMfa);
          return new ProvenSignIn(complete.session(), given.take(), fallback);
        }
      }
    }
    throw SignInEnded.refused(PamCode.ABORT, PromptTexts.NONSENSE);
  }

  private Step handedIn(SignInAttempt attempt, SignIn signIn, Given given)
      throws DomainUnavailable, SignInRefused {
    try {
      return signIn.password(given.get());
    } catch (SignInRefused e) {
      // These two do not concern the password: it is used in the next round.
      if (e.reason() != SignInRefused.Reason.DEVICE_REMOVED
          && e.reason() != SignInRefused.Reason.TIMED_OUT) {
        given.refuse();
      }
      if (e.reason() == SignInRefused.Reason.WRONG_PASSWORD) {
        endVerifier(attempt, given.get());
      }
      throw e;
    }
  }

  private void endVerifier(SignInAttempt attempt, Secret refused) {
    environment
        .directory()
        .account(attempt.name())
        .flatMap(Account::objectId)
        .ifPresent(user -> environment.verifiers().refused(user, refused));
  }

  /** What to do when no offered factor can be used here. */
  private static Step instead(Step.NeedFactor need) throws SignInEnded {
    if (need.passwordPossible()) {
      return Step.NeedPassword.PLAIN;
    }
    throw SignInEnded.noMethod(PromptTexts.NO_METHOD_HERE);
  }

  private Secret password(SignInAttempt attempt, Step.NeedPassword need)
      throws ConversationClosed, SignInEnded {
    LOG.info("login.step", "account", attempt.name(), "step", "password");
    attempt.goOnWith("password");
    return askPassword(
        attempt,
        need.text().orElse(environment.settings().passwordPrompt()),
        need.prompt().orElse(PromptTexts.PASSWORD));
  }

  /** Asks for a password; the caller closes it. An empty answer means cancelled. */
  static Secret askPassword(SignInAttempt attempt, String info, String prompt)
      throws ConversationClosed, SignInEnded {
    Secret answer = attempt.conversation().credential(info, prompt, PromptTexts.NO_PASSWORD);
    if (answer.isEmpty()) {
      throw SignInEnded.refused(PamCode.CRED_INSUFFICIENT, PromptTexts.NO_PASSWORD);
    }
    return answer;
  }

  /** Begins, and tries again a few times while the directory is too busy. */
  private SignIn begin(
      SignInAttempt attempt, DomainProvider domain, boolean forceMfa, boolean browserFirst)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    for (int seconds : BUSY_PAUSES) {
      try {
        return domain.begin(attempt.name(), policy.signIn(attempt, domain, forceMfa, browserFirst));
      } catch (DomainUnavailable e) {
        if (e.kind() != DomainUnavailable.Kind.TEMPORARY) {
          throw e;
        }
        LOG.warn("login.busy", "account", attempt.name(), "why", e.getMessage());
        attempt
            .conversation()
            .pause(
                Duration.ofSeconds(seconds)
                    .plusMillis(ThreadLocalRandom.current().nextInt(250, 750)));
      }
    }
    throw SignInEnded.refused(PamCode.ABORT, PromptTexts.BUSY);
  }

  /** The input of the user: the password, wiped unless it was taken over. */
  private static final class Given implements AutoCloseable {
    private Optional<Secret> secret = Optional.empty();
    private Optional<TypedAnswers.Given> answer = Optional.empty();
    private boolean factorTried;

    /** Takes over what was typed, unless it must not be used. */
    void typed(SignInAttempt attempt, Secret fresh) throws SignInEnded {
      replace(fresh);
      answer = Optional.of(attempt.answers().take(fresh, TypedAnswers.Use.PASSWORD));
    }

    void refuse() {
      answer.ifPresent(TypedAnswers.Given::refuse);
    }

    void replace(Secret fresh) {
      close();
      secret = Optional.of(fresh);
    }

    boolean absent() {
      return secret.isEmpty();
    }

    Secret get() {
      return secret.orElseThrow();
    }

    Optional<Secret> take() {
      Optional<Secret> taken = secret;
      secret = Optional.empty();
      return taken;
    }

    @Override
    public void close() {
      secret.ifPresent(Secret::close);
      secret = Optional.empty();
    }
  }
}
