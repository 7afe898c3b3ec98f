package himmelblau.mfa.tap.internal;

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

/** Asks for a Temporary Access Pass. */
@Component(property = MfaMethod.METHOD + "=AccessPass")
public final class TapMethod implements MfaMethod {
  private static final int TRIES = 3;
  private static final String WRONG = "That Temporary Access Pass was not correct.";

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    String sentence = prompt.text().orElse("Please enter your Temporary Access Pass:");
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
}
