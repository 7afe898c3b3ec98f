package himmelblau.domain.entra.internal.signin;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpCall;
import himmelblau.domain.entra.internal.page.Browser;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.token.Authority;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.util.List;
import java.util.Optional;

/**
 * Reads whether an account exists and how it may sign in (entra-interactive 2). The request sends
 * no push and no message.
 */
public record CredentialType(
    Exists exists,
    long preferred,
    boolean password,
    boolean federated,
    boolean accessPass,
    Optional<String> remoteSession,
    List<String> fidoAllowList,
    boolean crossDevicePasskey) {
  static final long ACCESS_PASS = 13;
  private static final String WHAT = "The account probe";

  /** IfExistsResult, as far as it matters. */
  public enum Exists {
    YES,
    NO,
    BUSY,
    PERSONAL
  }

  /**
   * Asks.
   *
   * @param passwordless whether sign-in without a password is wanted
   */
  static CredentialType ask(
      Browser browser,
      Authority authority,
      Page page,
      String upn,
      String requestId,
      boolean passwordless)
      throws DomainUnavailable, AadstsError {
    byte[] body =
        RequestBody.json()
            .with("username", upn)
            .with("isOtherIdpSupported", true)
            .with("checkPhones", true)
            .with("isRemoteNGCSupported", passwordless)
            .with("isCookieBannerShown", false)
            .with("isFidoSupported", passwordless)
            .with("isAccessPassSupported", passwordless)
            .with("originalRequest", page.context())
            .with("flowToken", page.flowToken())
            .finish();
    HttpCall call =
        HttpCall.post(
                page.url("urlGetCredentialType", authority.at("GetCredentialType")),
                DomainHttp.JSON,
                body)
            .header("client-request-id", requestId);
    return of(browser.script(call, WHAT));
  }

  /** Whether this service takes a password for the account. */
  boolean passwordUsable() {
    return password && !federated;
  }

  static CredentialType of(Json reply) throws DomainUnavailable {
    Json credentials = reply.requireObject("Credentials");
    Optional<Json> fido = credentials.object("FidoParams");
    return new CredentialType(
        exists(reply.requireNumber("IfExistsResult")),
        credentials.number("PrefCredential").orElse(0),
        credentials.flag("HasPassword").orElse(true),
        credentials.text("FederationRedirectUrl").filter(url -> !url.isEmpty()).isPresent(),
        credentials.is("HasAccessPass")
            || credentials.number("PrefCredential").orElse(0) == ACCESS_PASS,
        credentials.object("RemoteNgcParams").flatMap(ngc -> ngc.text("SessionIdentifier")),
        fido.map(params -> params.texts("AllowList")).orElse(List.of()),
        fido.map(params -> params.is("HasCrossDeviceCapablePasskey")).orElse(false));
  }

  private static Exists exists(long result) {
    if (result == 1) {
      return Exists.NO;
    }
    if (result == 2 || result == 4 || result == -1) {
      return Exists.BUSY;
    }
    return result == 5 ? Exists.PERSONAL : Exists.YES;
  }
}
