package himmelblau.login.internal.outcome;

import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;

/**
 * The effect of a refusal by the directory on offline sign-ins: an account that the directory has
 * disabled must not be able to sign in by disconnecting the network.
 */
public final class RefusalEffect {
  private RefusalEffect() {}

  /** Whether the account is disabled or deleted. */
  static boolean disablesAccount(SignInRefused refusal) {
    return refusal.reason() == Reason.NO_SUCH_ACCOUNT
        || refusal.reason() == Reason.ACCOUNT_DISABLED;
  }

  /** Whether the renewal of a session is no longer valid, offline either. */
  public static boolean endsRenewal(SignInRefused refusal) {
    return refusal.reason() == Reason.RENEWAL_DEAD || disablesAccount(refusal);
  }
}
