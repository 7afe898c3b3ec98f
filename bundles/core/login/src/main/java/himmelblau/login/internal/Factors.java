package himmelblau.login.internal;

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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Has a factor proven by one of the methods that are offered and present. */
final class Factors {
  private static final Log LOG = Log.of(Factors.class);

  private final Host host;
  private final PhoneRequests requests = new PhoneRequests(System::nanoTime);

  Factors(Host host) {
    this.host = host;
  }

  /**
   * Tries the offers one after the other until one can be decided.
   *
   * @return the next step; empty if none of the offers can be used here
   */
  Optional<Step> prove(Attempt attempt, SignIn signIn, Step.NeedFactor need)
      throws ConversationClosed, DomainUnavailable, SignInRefused, Ended {
    LoginSettings settings = host.settings();
    Dialogue dialogue = attempt.dialogue();
    for (FactorOffer offer : ordered(need.offers(), settings.preferredMethod())) {
      Optional<MfaMethod> method =
          host.methods().await(offer.method(), false, settings.waitForPlugins(), dialogue);
      if (method.isEmpty()) {
        LOG.warn("login.method.missing", "account", attempt.name(), "method", offer.method());
        dialogue.say(Texts.METHOD_MISSING.formatted(offer.method()));
        continue;
      }
      LOG.info("login.step", "account", attempt.name(), "step", "factor", "method", offer.method());
      requests.before(attempt, offer.method());
      Challenge challenge = signIn.challenge(offer);
      switch (method.get().verify(challenge, dialogue)) {
        case Verdict.Approved yes -> {
          return Optional.of(signIn.approved(challenge));
        }
        case Verdict.Denied no -> throw Ended.denied(no.text());
        case Verdict.TimedOut late -> throw Ended.denied(late.text());
        case Verdict.NotPossible here -> dialogue.say(here.text());
      }
    }
    return Optional.empty();
  }

  /** The administrator's choice first, then the account's default, then the directory's order. */
  static List<FactorOffer> ordered(List<FactorOffer> offers, Optional<String> preferred) {
    List<FactorOffer> ordered = new ArrayList<>(offers);
    ordered.sort(
        Comparator.comparingInt(
            offer -> {
              if (preferred.filter(offer.method()::equals).isPresent()) {
                return 0;
              }
              return offer.preferred() ? 1 : 2;
            }));
    return ordered;
  }
}
