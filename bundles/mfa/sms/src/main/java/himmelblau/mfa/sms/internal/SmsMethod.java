package himmelblau.mfa.sms.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import himmelblau.api.secret.Secret;
import org.osgi.service.component.annotations.Component;

/** Asks for the code that was texted (host-behaviour 2.6). */
@Component(
    property = {MfaMethod.METHOD + "=OneWaySMS", MfaMethod.METHOD + "=ConsolidatedTelephony"})
public final class SmsMethod implements MfaMethod {
  private static final int TRIES = 3;
  private static final String WRONG = "That code was not correct.";

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    String sentence = prompt.text().orElseGet(() -> texted(challenge, prompt));
    for (int i = 0; i < TRIES; i++) {
      with.say(sentence);
      try (Secret code = with.askHidden("Code: ", Conversation.Kind.PASSING)) {
        switch (challenge.submit(code)) {
          case APPROVED -> {
            return new Verdict.Approved();
          }
          case EXPIRED -> {
            return new Verdict.TimedOut("Authentication timed out. Please try again.");
          }
          case DENIED, PENDING -> with.say(WRONG);
        }
      }
    }
    return new Verdict.Denied("Authentication failed. Please try again.");
  }

  private static String texted(Challenge challenge, Prompt prompt) {
    String phone = prompt.target().orElse(challenge.offer().display());
    return ("We texted your phone " + phone).strip() + ". Please enter the code to sign in:";
  }
}
