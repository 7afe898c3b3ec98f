package himmelblau.login.internal.factors;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import himmelblau.login.internal.conversation.StepConversation;
import himmelblau.login.internal.environment.PluginRegistry;
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
   * Tries the offers in order until one is approved. One that fails leads to the next; each failure
   * counts as a refusal of this call. Never leads to fewer factors: what is left is another method
   * of the same offers.
   *
   * @return the next step; empty if none of the offers can be used here, and none was refused
   * @throws SignInEnded the last one was denied or had no response, or the call had too many
   *     refusals
   */
  public Optional<Proven> prove(SignInAttempt attempt, SignIn signIn, Step.NeedFactor need)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    List<UsableMethod> left = usable(attempt, need);
    Optional<String> refused = Optional.empty();
    while (!left.isEmpty()) {
      UsableMethod usable = left.removeFirst();
      switch (tried(attempt, signIn, usable, left.isEmpty())) {
        case MethodTrial.Result.Approved yes -> {
          boolean elsewhere = usable.method().traits().contains(MfaMethod.Trait.OTHER_BROWSER);
          return Optional.of(new Proven(signIn.approved(yes.challenge()), elsewhere));
        }
        case MethodTrial.Result.OthersAsked other -> {
          UsableMethod chosen = MethodChoice.choose(left, attempt.conversation());
          String method = chosen.offer().method();
          LOG.info("login.method.chosen", "account", attempt.name(), "method", method);
          left.remove(chosen);
          left.addFirst(chosen);
          left.addLast(usable);
        }
        case MethodTrial.Result.Failed failed -> {
          refused = failed.refused() ? Optional.of(failed.text()) : refused;
          if (left.isEmpty() && refused.isPresent()) {
            // Not "none can be used": a refusal must not lead to a password.
            throw SignInEnded.denied(refused.get());
          }
          if (failed.refused()) {
            attempt.countRefusal(failed.text());
          } else {
            attempt.notPossible(usable.offer().method());
          }
          attempt.conversation().say(failed.text());
        }
      }
    }
    return Optional.empty();
  }

  private MethodTrial.Result tried(
      SignInAttempt attempt, SignIn signIn, UsableMethod usable, boolean last)
      throws ConversationClosed, DomainUnavailable, SignInRefused, SignInEnded {
    FactorOffer offer = usable.offer();
    LOG.info("login.step", "account", attempt.name(), "step", "factor", "method", offer.method());
    attempt.goOnWith(offer.method());
    try {
      requests.before(attempt, usable.method());
    } catch (SignInEnded e) {
      if (last) {
        throw e;
      }
      return new MethodTrial.Result.Failed(true, e.text());
    }
    MethodTrial trial = new MethodTrial(attempt, usable, signIn.challenge(offer));
    return last ? trial.alone() : trial.amongOthers();
  }

  /**
   * What can be tried here, in order. Waits for one that is being replaced only if no other is
   * known.
   */
  private List<UsableMethod> usable(SignInAttempt attempt, Step.NeedFactor need)
      throws ConversationClosed {
    LoginSettings settings = environment.settings();
    StepConversation conversation = attempt.conversation();
    PluginRegistry<MfaMethod> methods = environment.methods();
    List<UsableMethod> usable = new ArrayList<>();
    for (FactorOffer offer :
        ordered(need.offers(), settings.preferredMethod(), attempt::foundImpossible)) {
      Optional<MfaMethod> method =
          usable.isEmpty()
              ? methods.await(offer.method(), false, settings.waitForPlugins(), conversation)
              : methods.find(offer.method());
      if (method.isEmpty()) {
        LOG.warn("login.method.missing", "account", attempt.name(), "method", offer.method());
        conversation.say(PromptTexts.METHOD_MISSING.replace("{method}", offer.method()));
      } else if (policy.permits(attempt, method.get())) { // or it was not there as it began
        usable.add(new UsableMethod(offer, method.get()));
      }
    }
    return usable;
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
