package himmelblau.domain.oidc.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.domain.oidc.internal.issuer.TokenReply;
import java.util.Optional;

/** What users read when a sign-in is refused. */
public final class Refusals {
  public static final String NO_BROWSER =
      "Users of this domain sign in with a browser on another device, which cannot be used here.";
  public static final String NO_KEYS = "Users of this domain cannot sign in with a key.";
  public static final String SESSION_ENDED =
      "Your session at the identity provider has ended. Please sign in again.";
  public static final String RENAMED =
      "Your account name has changed at the identity provider. Please sign in with the new name.";
  private static final String DISABLED =
      "Your account is disabled at the identity provider. Please ask your administrator.";
  private static final String NOT_ALLOWED =
      "The identity provider does not allow this host to sign users in."
          + " Please ask your administrator.";
  private static final String OTHER_ACCOUNT =
      "Another account than {user} signed in with the browser. Please sign in there as {user}.";

  private Refusals() {}

  public static SignInRefused because(Reason reason, String text) {
    return new SignInRefused(reason, text, Optional.empty(), false);
  }

  /** Who it was is not said: anybody may read it. */
  static SignInRefused otherAccount(AccountName asked) {
    return because(Reason.OTHER_ACCOUNT, OTHER_ACCOUNT.replace("{user}", asked.upn()));
  }

  static SignInRefused ofDeviceCode(TokenReply.Refused refused) throws DomainUnavailable {
    requireDecided(refused);
    return with(
        refused.code().equals("invalid_grant") ? Reason.TIMED_OUT : Reason.BLOCKED_BY_POLICY,
        refused.code().equals("invalid_grant") ? SESSION_ENDED : NOT_ALLOWED,
        refused);
  }

  /** A token that is no longer valid does not say why, but for issuers that do in words. */
  public static SignInRefused ofRenewal(TokenReply.Refused refused) throws DomainUnavailable {
    requireDecided(refused);
    if (!refused.code().equals("invalid_grant")) {
      return with(Reason.BLOCKED_BY_POLICY, NOT_ALLOWED, refused);
    }
    return refused.description().contains("user disabled")
        ? with(Reason.ACCOUNT_DISABLED, DISABLED, refused)
        : with(Reason.RENEWAL_DEAD, SESSION_ENDED, refused);
  }

  private static SignInRefused with(Reason reason, String text, TokenReply.Refused refused) {
    return new SignInRefused(reason, text, Optional.of(refused.code()), false);
  }

  /** An issuer that is busy or broken has decided nothing. */
  private static void requireDecided(TokenReply.Refused refused) throws DomainUnavailable {
    switch (refused.code()) {
      case "server_error", "temporarily_unavailable" ->
          throw new DomainUnavailable(Kind.TEMPORARY, "The issuer answered " + refused.code());
      case "unknown", "invalid_request" ->
          throw new DomainUnavailable(
              Kind.PROTOCOL, "The issuer answered with the error " + refused.code());
      default -> {}
    }
  }
}
