package himmelblau.mfa.devicecode.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.OtherDevice;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** Shows where to sign in with another device, and waits (RFC 8628). */
@Component(property = MfaMethod.METHOD + "=DeviceCode")
public final class DeviceCodeMethod implements MfaMethod {
  private static final String VISIT =
      "Using a browser on another device, visit:\n{link}\nAnd enter the code:\n{code}";

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.OTHER_BROWSER, Trait.NO_PROMPT);
  }

  @Override
  public String title(FactorOffer offer) {
    return "Browser on another device";
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    String link = prompt.device().map(Prompt.DeviceCode::verificationUri).orElse("");
    with.sayWithLink(prompt.text().orElseGet(() -> sentence(prompt)), link);
    return OtherDevice.await(challenge, prompt, with);
  }

  private static String sentence(Prompt prompt) {
    return prompt
        .device()
        .map(d -> VISIT.replace("{link}", d.verificationUri()).replace("{code}", d.userCode()))
        .orElse("Continue with a browser on another device.");
  }
}
