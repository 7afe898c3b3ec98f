package himmelblau.mfa.voice.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
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
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    with.say(announcement(challenge, prompt));
    if (with.context().pollPrompt()) {
      with.askHidden("Press enter to continue", Conversation.Kind.PASSING).close();
    }
    return switch (challenge.await(prompt, with)) {
      case APPROVED -> new Verdict.Approved();
      case DENIED -> new Verdict.Denied("Authentication failed. Please try again.");
      case EXPIRED, PENDING -> new Verdict.TimedOut("Authentication timed out. Please try again.");
    };
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
