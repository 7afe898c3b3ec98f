package himmelblau.contract.checks.mfa;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;

/** The user types a code. */
final class BrokenCodeMethod extends BrokenMethod {
  BrokenCodeMethod(MethodDefect defect) {
    super(defect);
  }

  @Override
  Progress await(Challenge challenge, Prompt prompt, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Progress progress = Progress.DENIED;
    for (int i = 0; i < tries() && (i == 0 || again(progress)); i++) {
      with.say("Enter the code:");
      try (Secret code = with.askHidden("Code: ", kind())) {
        if (has(MethodDefect.SHOWS_THE_CODE)) {
          with.say("Checking " + code.revealText());
        }
        progress = challenge.submit(code);
      } catch (ConversationClosed e) {
        if (has(MethodDefect.DENIES_A_CANCELLED_CODE)) {
          return Progress.DENIED;
        }
        throw e;
      }
    }
    return progress;
  }

  private static boolean again(Progress progress) {
    return progress == Progress.DENIED || progress == Progress.PENDING;
  }

  private int tries() {
    return has(MethodDefect.ASKS_FOR_ONE_CODE) ? 1 : has(MethodDefect.ASKS_FOR_FIVE_CODES) ? 5 : 3;
  }

  private Conversation.Kind kind() {
    return has(MethodDefect.CODE_MAY_BE_KEPT)
        ? Conversation.Kind.AUTHTOK
        : Conversation.Kind.PASSING;
  }
}
