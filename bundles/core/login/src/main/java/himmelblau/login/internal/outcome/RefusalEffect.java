package himmelblau.login.internal.outcome;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.login.internal.environment.SignInEnvironment;

/**
 * The effect of a refusal by the directory on this host: an account that the directory has disabled
 * must not be able to sign in by a key, by a scheduled job, or by disconnecting the network.
 */
public final class RefusalEffect {
  private RefusalEffect() {}

  /**
   * Called for every refusal, also one that no user reads. An account that is disabled or deleted
   * gets no session here until it has signed in online again, or a lookup says that it is enabled.
   */
  public static void record(
      SignInEnvironment environment, AccountName name, SignInRefused refusal) {
    environment.refusals().byDirectory(name, refusal);
    if (disablesAccount(refusal)) {
      environment.disabledAccounts().add(name);
      environment.renewals().ended(name);
      environment
          .directory()
          .account(name)
          .flatMap(Account::objectId)
          .ifPresent(environment.verifiers()::forget);
    }
  }

  private static boolean disablesAccount(SignInRefused refusal) {
    return refusal.reason() == Reason.NO_SUCH_ACCOUNT
        || refusal.reason() == Reason.ACCOUNT_DISABLED;
  }

  /** Whether the renewal of a session is no longer valid, offline either. */
  public static boolean endsRenewal(SignInRefused refusal) {
    return refusal.reason() == Reason.RENEWAL_DEAD || disablesAccount(refusal);
  }
}
