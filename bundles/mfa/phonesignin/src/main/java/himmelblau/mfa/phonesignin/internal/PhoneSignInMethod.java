package himmelblau.mfa.phonesignin.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import org.osgi.service.component.annotations.Component;

/** Passwordless phone sign-in: shows only the number to enter in the app. */
@Component(property = MfaMethod.METHOD + "=RemoteNGC")
public final class PhoneSignInMethod implements MfaMethod {
  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    with.say(sentence(prompt));
    if (with.context().pollPrompt()) {
      with.askHidden("Press enter to continue", Conversation.Kind.PASSING).close();
    }
    return switch (challenge.await(prompt, with)) {
      case APPROVED -> new Verdict.Approved();
      case DENIED -> new Verdict.Denied("Authentication failed. Please try again.");
      case EXPIRED, PENDING -> new Verdict.TimedOut("Authentication timed out. Please try again.");
    };
  }

  private static String sentence(Prompt prompt) {
    return prompt
        .number()
        .map(n -> "Open your Authenticator app, and enter the number '" + n + "' to sign in.")
        .orElse("Open your Authenticator app, and approve the request to sign in.");
  }
}
