package himmelblau.login.internal.factors;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Verdict;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.StepConversation;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.limits.PhoneRequestLimit;
import himmelblau.login.internal.settings.LoginSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Verifies a factor with one of the methods that are both offered and installed. */
public final class FactorVerification {
  private static final Log LOG = Log.of(FactorVerification.class);

  private final SignInEnvironment environment;
  private final StepPolicy policy;
  private final PhoneRequestLimit requests = new PhoneRequestLimit(System::nanoTime);

  public FactorVerification(SignInEnvironment environment, StepPolicy policy) {
    this.environment = environment;
    this.policy = policy;
  }

  /**
   * What follows an approved factor.
   *
   * @param elsewhere whether the user was in a browser on another device
   */
  public record Proven(Step next, boolean elsewhere) {}

  /**
   * Tries the offers in order until one is approved or denied.
   *
   * @return the next step; empty if none of the offers can be used here
   */
  public Optional<Proven> prove(SignInAttempt attempt, SignIn signIn, Step.NeedFactor need)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    LoginSettings settings = environment.settings();
    StepConversation conversation = attempt.conversation();
    for (FactorOffer offer :
        ordered(need.offers(), settings.preferredMethod(), attempt::foundImpossible)) {
      Optional<MfaMethod> method =
          environment
              .methods()
              .await(offer.method(), false, settings.waitForPlugins(), conversation);
      if (method.isEmpty()) {
        LOG.warn("login.method.missing", "account", attempt.name(), "method", offer.method());
        conversation.say(PromptTexts.METHOD_MISSING.replace("{method}", offer.method()));
        continue;
      }
      if (!policy.permits(attempt, method.get())) {
        continue; // it was not there yet when the sign-in began
      }
      LOG.info("login.step", "account", attempt.name(), "step", "factor", "method", offer.method());
      requests.before(attempt, method.get());
      Challenge challenge = signIn.challenge(offer);
      switch (verdict(attempt, method.get(), challenge)) {
        case Verdict.Approved yes -> {
          boolean elsewhere = method.get().traits().contains(MfaMethod.Trait.OTHER_BROWSER);
          return Optional.of(new Proven(signIn.approved(challenge), elsewhere));
        }
        case Verdict.Denied no -> throw SignInEnded.denied(no.text());
        case Verdict.TimedOut late -> throw SignInEnded.denied(late.text());
        case Verdict.NotPossible here -> {
          attempt.notPossible(offer.method());
          conversation.say(here.text());
        }
      }
    }
    return Optional.empty();
  }

  private static Verdict verdict(SignInAttempt attempt, MfaMethod method, Challenge challenge)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    GuardedChallenge guarded = new GuardedChallenge(challenge, attempt.answers());
    try {
      Verdict verdict = method.verify(guarded, attempt.conversation());
      throwIfEnded(guarded);
      attempt
          .conversation()
          .requireOpen(); // even if the method ignores that the conversation was ended
      return verdict;
    } catch (SignInRefused e) {
      throwIfEnded(guarded);
      throw e;
    }
  }

  private static void throwIfEnded(GuardedChallenge guarded) throws SignInEnded {
    if (guarded.ended().isPresent()) {
      throw guarded.ended().get();
    }
  }

  /**
   * The administrator's choice first, then the account's default, then the directory's order; last
   * what was not possible before in the same call.
   */
  static List<FactorOffer> ordered(
      List<FactorOffer> offers, Optional<String> preferred, Predicate<String> impossible) {
    List<FactorOffer> ordered = new ArrayList<>(offers);
    ordered.sort(
        Comparator.comparingInt(
            offer -> {
              if (impossible.test(offer.method())) {
                return 3;
              }
              if (preferred.filter(offer.method()::equals).isPresent()) {
                return 0;
              }
              return offer.preferred() ? 1 : 2;
            }));
    return ordered;
  }
}
