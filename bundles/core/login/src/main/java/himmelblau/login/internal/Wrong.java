package himmelblau.login.internal;

import himmelblau.api.hello.Origin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import java.time.Duration;

/** What follows a wrong PIN or code: a pause that grows, on this conversation only, and a text. */
final class Wrong {
  private static final Log LOG = Log.of(Wrong.class);
  private static final int SECONDS_EACH = 2;

  private Wrong() {}

  static Ended pin(Attempt attempt, PinRefused refused) throws ConversationClosed {
    return answer(attempt, refused, "pin", Texts.WRONG_PIN);
  }

  static Ended code(Attempt attempt, PinRefused refused) throws ConversationClosed {
    return answer(attempt, refused, "code", Texts.WRONG_CODE);
  }

  private static Ended answer(Attempt attempt, PinRefused refused, String what, String text)
      throws ConversationClosed {
    LOG.warn(
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
      return Ended.denied(text); // nothing was tried, nothing is left to try
    }
    attempt.dialogue().pause(Duration.ofSeconds((long) SECONDS_EACH * refused.attempts()));
    boolean own = attempt.origin() == Origin.OWN;
    return Ended.denied(
        switch (refused.remaining()) {
          case 0 -> own ? Texts.PIN_LOST : Texts.PIN_BLOCKED;
          case 1 -> own ? Texts.ONE_PIN_LEFT : text;
          default -> text;
        });
  }
}
