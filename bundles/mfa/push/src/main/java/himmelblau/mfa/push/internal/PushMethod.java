package himmelblau.mfa.push.internal;

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

/** Shows the number to enter in the app, and waits (host-behaviour 2.6, 2.7). */
@Component(
    property = {
      MfaMethod.METHOD + "=PhoneAppNotification",
      MfaMethod.METHOD + "=CompanionAppsNotification"
    })
public final class PushMethod implements MfaMethod {
  private static final String HINT = "No push? Check your mobile device's internet connection.";

  private static final String NUMBER =
      "Open your Authenticator app, and enter the number '{number}' to sign in.";

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.CONTACTS_USER, Trait.NO_PROMPT);
  }

  @Override
  public String title(FactorOffer offer) {
    return "Request to the Authenticator app";
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    with.say(sentence(prompt) + "\n" + HINT);
    return OtherDevice.await(challenge, prompt, with);
  }

  private static String sentence(Prompt prompt) {
    return prompt
        .number()
        .map(n -> NUMBER.replace("{number}", n))
        .orElse("Open your Authenticator app, and approve the request to sign in.");
  }
}
