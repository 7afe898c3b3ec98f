package himmelblau.api.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;

/** The interaction of methods whose user types a code (host-behaviour 2.6). */
public final class CodeEntry {
  /** How often a code may be typed for one challenge. */
  public static final int TRIES = 3;

  private CodeEntry() {}

  /**
   * Asks for the code until it is right, the challenge has expired or {@link #TRIES} are used up.
   *
   * @param challenge already begun
   * @param text shown before each prompt
   * @param wrong shown after a wrong code
   */
  public static Verdict ask(Challenge challenge, Conversation with, String text, String wrong)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    for (int i = 0; i < TRIES; i++) {
      with.say(text);
      try (Secret code = with.askHidden("Code: ", Conversation.Kind.PASSING)) {
        switch (challenge.submit(code)) {
          case APPROVED -> {
            return new Verdict.Approved();
          }
          case EXPIRED -> {
            return Verdict.TimedOut.STANDARD;
          }
          case DENIED, PENDING -> with.say(wrong);
        }
      }
    }
    return Verdict.Denied.STANDARD;
  }
}
