package himmelblau.login.internal.pin;

import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import java.time.Duration;

/**
 * The response to a wrong PIN or code: a delay that increases, for this conversation only, and a
 * text.
 */
final class WrongPinResponse {
  private static final Log LOG = Log.of(WrongPinResponse.class);
  private static final int SECONDS_EACH = 2;

  private WrongPinResponse() {}

  static SignInEnded pin(SignInAttempt attempt, PinRefused refused) throws ConversationClosed {
    return answer(attempt, refused, "pin", PromptTexts.WRONG_PIN);
  }

  static SignInEnded code(SignInAttempt attempt, PinRefused refused) throws ConversationClosed {
    return answer(attempt, refused, "code", PromptTexts.WRONG_CODE);
  }

  private static SignInEnded answer(
      SignInAttempt attempt, PinRefused refused, String what, String text)
      throws ConversationClosed {
    LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.DENIED)
        .warn(
            "login.wrong",
            "account",
            attempt.name(),
            "what",
            what,
            "attempts",
            refused.attempts(),
            "remaining",
            refused.remaining());
    if (refused.attempts() == 0) {
      return SignInEnded.denied(text); // nothing was tried, nothing is left to try
    }
    attempt.conversation().pause(Duration.ofSeconds((long) SECONDS_EACH * refused.attempts()));
    boolean own = attempt.origin() == PinOrigin.OWN;
    return SignInEnded.denied(
        switch (refused.remaining()) {
          case 0 -> own ? PromptTexts.PIN_LOST : PromptTexts.PIN_BLOCKED;
          case 1 -> own ? PromptTexts.ONE_PIN_LEFT : text;
          default -> text;
        });
  }
}
