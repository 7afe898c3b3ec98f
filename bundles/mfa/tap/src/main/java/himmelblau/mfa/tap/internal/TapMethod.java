package himmelblau.mfa.tap.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.CodeEntry;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** Asks for a Temporary Access Pass. */
@Component(property = MfaMethod.METHOD + "=AccessPass")
public final class TapMethod implements MfaMethod {
  @Override
  public Set<Trait> traits() {
    return Set.of();
  }

  @Override
  public String title(FactorOffer offer) {
    return "Temporary Access Pass";
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    String sentence = prompt.text().orElse("Please enter your Temporary Access Pass:");
    return CodeEntry.ask(challenge, with, sentence, "That Temporary Access Pass was not correct.");
  }
}
