package himmelblau.mfa.voice.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
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
  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.CONTACTS_USER);
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    with.say(announcement(challenge, prompt));
    return OtherDevice.await(challenge, prompt, with);
  }

  private static String announcement(Challenge challenge, Prompt prompt) {
    String which =
        challenge.offer().method().equals("TwoWayVoiceOffice")
            ? "your office phone "
            : "your phone ";
    String phone = prompt.target().orElse(challenge.offer().display());
    return ("We're calling " + which + phone).strip() + ". Please answer it to continue.";
  }
}
