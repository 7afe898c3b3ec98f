package himmelblau.api.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;

/** The interaction of methods whose user responds on another device (host-behaviour 2.6). */
public final class OtherDevice {
  /** The prompt where a PAM application shows a text only together with one. */
  public static final String PRESS_ENTER = "Press enter to continue";

  private OtherDevice() {}

  /**
   * Waits until the user has responded or the prompt's deadline is over. Where the PAM application
   * shows a text only together with a prompt, the user presses Enter first.
   *
   * @param prompt what {@link Challenge#begin} gave; what the user has to do was shown already
   */
  public static Verdict await(Challenge challenge, Prompt prompt, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    if (with.context().pollPrompt()) {
      with.askHidden(PRESS_ENTER, Conversation.Kind.PASSING).close();
    }
    return switch (challenge.await(prompt, with)) {
      case APPROVED -> new Verdict.Approved();
      case DENIED -> Verdict.Denied.STANDARD;
      case EXPIRED, PENDING -> Verdict.TimedOut.STANDARD;
    };
  }
}
