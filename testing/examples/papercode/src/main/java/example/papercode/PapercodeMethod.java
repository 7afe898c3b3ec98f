package example.papercode;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.CodeEntry;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** Asks for the code with a certain number on a printed list. */
@Component(property = MfaMethod.METHOD + "=Papercode")
public final class PapercodeMethod implements MfaMethod {
  @Override
  public Set<Trait> traits() {
    return Set.of();
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    String text =
        prompt
            .number()
            .map(number -> "Enter code number " + number + " of your list.")
            .orElse("Enter the next code of your list.");
    return CodeEntry.ask(challenge, with, text, "That code is not right.");
  }
}
