package himmelblau.login.internal.factors;

import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.login.internal.conversation.PromptTexts;

/** One method that is offered, installed and usable in this program. */
record UsableMethod(FactorOffer offer, MfaMethod method) {
  /** As a line of a list. */
  String line(int number) {
    String text = offer.display().isBlank() ? PromptTexts.WAY : PromptTexts.WAY_TO;
    return text.replace("{number}", Integer.toString(number))
        .replace("{message}", method.title(offer))
        .replace("{phone}", offer.display().strip());
  }

  /** Whether the user is asked something, so that a request for the others can be typed. */
  boolean asks(boolean pollPrompt) {
    return pollPrompt || !method.traits().contains(MfaMethod.Trait.NO_PROMPT);
  }
}
