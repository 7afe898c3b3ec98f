package himmelblau.mfa.voice.internal;

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

/** Announces a call and waits until it has been answered (host-behaviour 2.6). */
@Component(
    property = {
      MfaMethod.METHOD + "=TwoWayVoiceMobile",
      MfaMethod.METHOD + "=TwoWayVoiceAlternateMobile",
      MfaMethod.METHOD + "=TwoWayVoiceOffice"
    })
public final class VoiceMethod implements MfaMethod {
  private static final String MOBILE = "We're calling your phone. Please answer it to continue.";
  private static final String MOBILE_NUMBER =
      "We're calling your phone {phone}. Please answer it to continue.";
  private static final String OFFICE =
      "We're calling your office phone. Please answer it to continue.";
  private static final String OFFICE_NUMBER =
      "We're calling your office phone {phone}. Please answer it to continue.";

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.CONTACTS_USER, Trait.NO_PROMPT, Trait.NO_TEXT);
  }

  @Override
  public String title(FactorOffer offer) {
    return "Phone call";
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    with.say(announcement(challenge, prompt));
    return OtherDevice.await(challenge, prompt, with);
  }

  private static String announcement(Challenge challenge, Prompt prompt) {
    boolean office = challenge.offer().method().equals("TwoWayVoiceOffice");
    String phone = prompt.target().orElse(challenge.offer().display());
    if (phone.isBlank()) {
      return office ? OFFICE : MOBILE;
    }
    return (office ? OFFICE_NUMBER : MOBILE_NUMBER).replace("{phone}", phone.strip());
  }
}
