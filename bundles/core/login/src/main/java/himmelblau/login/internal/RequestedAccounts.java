package himmelblau.login.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.Peer;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.login.SignInResult;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.util.Optional;

/** The account that a PAM call is about, and whether the caller may act for it. */
final class RequestedAccounts {
  private static final Log LOG = Log.of(RequestedAccounts.class);

  private final SignInEnvironment environment;

  RequestedAccounts(SignInEnvironment environment) {
    this.environment = environment;
  }

  /** As the host shows it, unless something prevents its use. */
  Optional<Account> known(SignInRequest request) {
    return shown(request)
        .filter(account -> environment.directory().obstacle(account.name()).isEmpty());
  }

  /** As the host shows it, whatever prevents its use. */
  Optional<Account> shown(SignInRequest request) {
    return environment.settings().domains().isEmpty()
        ? Optional.empty()
        : environment.directory().resolve(request.user()).flatMap(environment.directory()::account);
  }

  /** Root, or the account itself. */
  boolean trusted(Peer peer, AccountName name) {
    return peer.root()
        || environment
            .directory()
            .account(name)
            .filter(account -> account.objectId().isPresent())
            .filter(account -> account.passwd().uid() == peer.uid())
            .isPresent();
  }

  /** Root, or the account itself; another peer must not learn whether the name is known. */
  boolean mayManageSession(Peer peer, Optional<Account> account) {
    return peer.root() || account.filter(known -> trusted(peer, known.name())).isPresent();
  }

  /**
   * What to tell whoever typed a short name that users of several domains have: before a password
   * or PIN is typed that is meant for another one. Programs that name the user who runs them, such
   * as sudo, are not ambiguous.
   */
  Optional<String> ambiguity(SignInRequest request, AccountName name) {
    boolean typed = request.user().equalsIgnoreCase(name.local());
    return typed
            && !byItself(request, name)
            && environment.settings().domains().stream()
                .filter(domain -> !domain.equals(name.domain()))
                .map(domain -> new AccountName(name.local(), domain))
                .anyMatch(other -> environment.directory().account(other).isPresent())
        ? Optional.of(
            PromptTexts.AMBIGUOUS.replace("{name}", name.local()).replace("{user}", name.upn()))
        : Optional.empty();
  }

  private boolean byItself(SignInRequest request, AccountName name) {
    return environment
        .directory()
        .account(name)
        .filter(account -> account.passwd().uid() == request.caller())
        .isPresent();
  }

  static SignInResult unknown(SignInRequest request) {
    return SignInResult.of(
        request.flags().contains(Flag.IGNORE_UNKNOWN_USER) ? PamCode.IGNORE : PamCode.USER_UNKNOWN);
  }

  static SignInResult forbidden(String call, SignInRequest request) {
    LOG.audit(AuditKind.SIGN_IN, AuditOutcome.DENIED)
        .warn(
            "login.forbidden",
            "call",
            call,
            "user",
            request.user(),
            "uid",
            request.peer().uid(),
            "service",
            request.service(),
            "rhost",
            request.rhost());
    return SignInResult.of(PamCode.PERM_DENIED);
  }
}
