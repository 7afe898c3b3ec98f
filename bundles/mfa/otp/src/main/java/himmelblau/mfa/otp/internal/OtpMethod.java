package himmelblau.mfa.otp.internal;

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

/** Asks for the code that an authenticator app shows. */
@Component(property = MfaMethod.METHOD + "=PhoneAppOTP")
public final class OtpMethod implements MfaMethod {
  @Override
  public Set<Trait> traits() {
    return Set.of();
  }

  @Override
  public String title(FactorOffer offer) {
    return "Code of an authenticator app";
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    String sentence =
        prompt.text().orElse("Please enter the code shown in your authenticator app:");
    return CodeEntry.ask(challenge, with, sentence, "That code was not correct.");
  }
}
