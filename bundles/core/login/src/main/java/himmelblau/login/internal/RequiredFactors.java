package himmelblau.login.internal;

import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import java.util.OptionalInt;

/**
 * Whether what came back from the directory is what this host has demanded. Every session that may
 * let somebody in passes here, whichever provider made it and however it was got.
 */
final class RequiredFactors {
  private RequiredFactors() {}

  /**
   * @param session closed if it is not good enough
   * @param multiFactor whether the policy of this host wants a second factor
   */
  static void check(Session session, boolean multiFactor) throws SignInRefused {
    if (multiFactor && !session.multiFactor()) {
      session.close();
      throw new SignInRefused(
          SignInRefused.Reason.FACTOR_MISSING,
          PromptTexts.FACTOR_MISSING,
          OptionalInt.empty(),
          false);
    }
  }
}
