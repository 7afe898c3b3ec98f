package himmelblau.login.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInResult;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.settings.AccessList;
import java.util.Optional;

/**
 * PAM's account management (pam_acct_mgmt(3)): whether an account may be used now, however it was
 * authenticated. Also decides for logins by an ssh key and for jobs of cron.
 */
final class AccountPhase {
  private static final Log LOG = Log.of(AccountPhase.class);
  private static final String DISABLED = "the directory disabled or deleted the account";
  private static final String NOT_ALLOWED = "not in pam_allow_groups";

  private final SignInEnvironment environment;
  private final RequestedAccounts accounts;

  AccountPhase(SignInEnvironment environment, RequestedAccounts accounts) {
    this.environment = environment;
    this.accounts = accounts;
  }

  SignInResult check(SignInRequest request) {
    Optional<Account> account = accounts.shown(request);
    if (account.isEmpty()) {
      return RequestedAccounts.unknown(request);
    }
    AccountName name = account.get().name();
    if (!accounts.trusted(request.peer(), name)) {
      return RequestedAccounts.forbidden("account", request);
    }
    String service = request.service();
    String rhost = request.rhost();
    Directory directory = environment.directory();
    Optional<String> obstacle = directory.obstacle(name).or(() -> directory.undecided(name));
    if (obstacle.isPresent()) {
      // Not "unknown": the host shows this account, and sshd may have let it in by a key.
      String why = obstacle.get();
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .warn("login.obstacle", "account", name, "why", why, "service", service, "rhost", rhost);
      return refused(name, why, PamCode.AUTH_ERR);
    }
    if (environment.disabledAccounts().has(name)) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .warn("login.account_disabled", "account", name, "service", service, "rhost", rhost);
      return refused(name, DISABLED, PamCode.ACCT_EXPIRED);
    }
    if (!AccessList.allows(environment.settings().allowed(), name, directory.groupsOf(name))) {
      LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
          .warn("login.not_allowed", "account", name, "service", service, "rhost", rhost);
      return refused(name, NOT_ALLOWED, PamCode.AUTH_ERR);
    }
    return SignInResult.of(PamCode.SUCCESS);
  }

  private SignInResult refused(AccountName name, String why, PamCode code) {
    environment.refusals().here(name, why);
    return SignInResult.of(code);
  }
}
