package himmelblau.login.internal;

import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;

/**
 * What a refusal of the directory does to an offline sign-in, which is good for as long as its last
 * word is: whoever it has shut out must not get in by pulling the plug.
 */
final class RefusalEffect {
  /**
   * Locked for wrong passwords (AADSTS), which anybody may have typed: says nothing of whose it is.
   */
  private static final int LOCKED = 50053;

  private RefusalEffect() {}

  /** Whether the account is closed or gone. */
  static boolean shutsOut(SignInRefused refusal) {
    return refusal.reason() == Reason.NO_SUCH_ACCOUNT
        || (refusal.reason() == Reason.ACCOUNT_DISABLED && refusal.code().orElse(0) != LOCKED);
  }

  /** Whether what renews a session opens nothing any more, offline either. */
  static boolean endsRenewal(SignInRefused refusal) {
    return refusal.reason() == Reason.RENEWAL_DEAD || shutsOut(refusal);
  }
}
