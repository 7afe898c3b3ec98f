package himmelblau.mfa.sms.internal;

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

/** Asks for the code that was texted (host-behaviour 2.6). */
@Component(
    property = {MfaMethod.METHOD + "=OneWaySMS", MfaMethod.METHOD + "=ConsolidatedTelephony"})
public final class SmsMethod implements MfaMethod {
  private static final String TEXTED = "We texted your phone. Please enter the code to sign in:";
  private static final String TEXTED_TO =
      "We texted your phone {phone}. Please enter the code to sign in:";

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.CONTACTS_USER);
  }

  @Override
  public String title(FactorOffer offer) {
    return "Text message";
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    String sentence = prompt.text().orElseGet(() -> texted(challenge, prompt));
    return CodeEntry.ask(challenge, with, sentence, "That code was not correct.");
  }

  private static String texted(Challenge challenge, Prompt prompt) {
    String phone = prompt.target().orElse(challenge.offer().display());
    return phone.isBlank() ? TEXTED : TEXTED_TO.replace("{phone}", phone.strip());
  }
}
