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
  static final String SECOND_FACTOR =
      "A second factor is needed, which cannot be proven here. Please ask your administrator.";
  private static final String WRONG_PASSWORD = "Authentication failed. Please try again.";
  private static final String LOCKED =
      "Your account is locked at the identity provider. Please try again later.";
  private static final String OTHER_NAME =
      "The identity provider knows another account than {user} by this name and password.";
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

  /** The same, where a password was typed. */
  static SignInRefused otherName(AccountName asked) {
    return because(Reason.OTHER_ACCOUNT, OTHER_NAME.replace("{user}", asked.upn()));
  }

  /**
   * Whether the issuer wants the user on its own pages, be it for a second factor or for something
   * to do there; nothing is decided about the password.
   */
  static boolean wantsBrowser(TokenReply.Refused refused) {
    return switch (refused.code()) {
      case "mfa_required",
          "interaction_required",
          "login_required",
          "consent_required",
          "account_selection_required" ->
          true;
      case "invalid_grant" -> refused.description().contains("not fully set up"); // Keycloak
      default -> false;
    };
  }

  /** Why is said by issuers in words only; any that is not known is a wrong password. */
  static SignInRefused ofPassword(TokenReply.Refused refused) throws DomainUnavailable {
    requireDecided(refused);
    if (!refused.code().equals("invalid_grant")) {
      return with(Reason.BLOCKED_BY_POLICY, NOT_ALLOWED, refused);
    }
    String why = refused.description();
    if (why.contains("locked") || why.contains("temporarily disabled")) {
      return with(Reason.ACCOUNT_LOCKED, LOCKED, refused);
    }
    if (why.contains("account disabled") || why.contains("user disabled")) {
      return with(Reason.ACCOUNT_DISABLED, DISABLED, refused);
    }
    return new SignInRefused(
        Reason.WRONG_PASSWORD, WRONG_PASSWORD, Optional.of(refused.code()), true);
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
