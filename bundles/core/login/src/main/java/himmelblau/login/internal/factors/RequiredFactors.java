package himmelblau.login.internal.factors;

import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.login.internal.conversation.PromptTexts;
import java.util.Optional;

/**
 * Checks that the answer of the directory fulfils the requirements of this host. Every session that
 * may let a user in is checked here, whichever provider created it.
 */
public final class RequiredFactors {
  private RequiredFactors() {}

  /**
   * @param session closed if it is not sufficient
   * @param multiFactor whether the policy of this host requires a second factor
   */
  public static void check(Session session, boolean multiFactor) throws SignInRefused {
    if (multiFactor && !session.multiFactor()) {
      session.close();
      throw new SignInRefused(
          SignInRefused.Reason.FACTOR_MISSING, PromptTexts.FACTOR_MISSING, Optional.empty(), false);
    }
  }
}
