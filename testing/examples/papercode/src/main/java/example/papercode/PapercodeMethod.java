package example.papercode;

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

/** Asks for the code with a certain number on a printed list. */
@Component(property = MfaMethod.METHOD + "=Papercode")
public final class PapercodeMethod implements MfaMethod {
  private static final int TRIES = 3;

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    for (int i = 0; i < TRIES; i++) {
      with.say(
          prompt
              .number()
              .map(number -> "Enter code number " + number + " of your list.")
              .orElse("Enter the next code of your list."));
      try (Secret code = with.askHidden("Code: ", Conversation.Kind.PASSING)) {
        switch (challenge.submit(code)) {
          case APPROVED -> {
            return new Verdict.Approved();
          }
          case EXPIRED -> {
            return new Verdict.TimedOut("Authentication timed out. Please try again.");
          }
          case DENIED, PENDING -> with.say("That code is not right.");
        }
      }
    }
    return new Verdict.Denied("Too many wrong codes.");
  }
}
