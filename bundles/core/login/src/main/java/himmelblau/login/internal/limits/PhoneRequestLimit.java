package himmelblau.login.internal.limits;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.SignInAttempt;
import himmelblau.login.internal.conversation.SignInEnded;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Guards everything that sends a request to a phone: naming an account alone sends nothing, and the
 * number of requests to one user is limited over all callers.
 */
public final class PhoneRequestLimit {
  private static final Log LOG = Log.of(PhoneRequestLimit.class);

  private final RateLimit allowance;

  public PhoneRequestLimit(LongSupplier clock) {
    allowance = new RateLimit(Duration.ofMinutes(1), 6, clock);
  }

  /**
   * Asks the user to press Enter if there was no question before (an account without PIN and
   * password).
   *
   * @throws SignInEnded too many requests were sent to this account
   */
  public void before(SignInAttempt attempt, MfaMethod method)
      throws ConversationClosed, SignInEnded {
    if (!method.traits().contains(MfaMethod.Trait.CONTACTS_USER)) {
      return;
    }
    if (attempt.conversation().questions() == 0) {
      attempt
          .conversation()
          .hidden("", PromptTexts.ENTER_TO_SEND, Conversation.Kind.PASSING, PromptTexts.NO_INPUT)
          .close();
    }
    if (!allowance.take(attempt.name().upn())) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .warn("login.phone_requests", "account", attempt.name(), "reason", "too many");
      throw SignInEnded.refused(PamCode.ABORT, PromptTexts.TOO_MANY_REQUESTS);
    }
  }
}
