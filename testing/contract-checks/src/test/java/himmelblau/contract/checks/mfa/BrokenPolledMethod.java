package himmelblau.contract.checks.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.Prompt;

/** The user answers on another device. Pauses of the kit take no time: they are counted. */
final class BrokenPolledMethod extends BrokenMethod {
  /** Of the kit's prompt: one second between two questions, three until the deadline. */
  private static final int MOST = 3;

  private static final int FAR_TOO_OFTEN = 20;

  BrokenPolledMethod(MethodDefect defect) {
    super(defect);
  }

  @Override
  Progress await(Challenge challenge, Prompt prompt, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    try {
      with.say("Answer on your other device.");
      if (with.context().pollPrompt() && !has(MethodDefect.NO_PROMPT_BEFORE_WAITING)) {
        with.askHidden("Press enter to continue", Conversation.Kind.PASSING).close();
      }
    } catch (ConversationClosed e) {
      if (!has(MethodDefect.GOES_ON_WITHOUT_A_USER)) {
        throw e;
      }
    }
    int most = has(MethodDefect.IGNORES_THE_DEADLINE) ? FAR_TOO_OFTEN : MOST;
    Progress progress = challenge.poll();
    for (int i = 1; i < most && progress == Progress.PENDING; i++) {
      if (!has(MethodDefect.ASKS_WITHOUT_A_PAUSE)) {
        with.pause(prompt.interval());
      }
      progress = challenge.poll();
    }
    return progress;
  }
}
