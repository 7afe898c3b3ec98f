package himmelblau.domain.entra.internal.token;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.http.HttpCall;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.device.Device;
import himmelblau.domain.entra.internal.page.Browser;
import himmelblau.domain.entra.internal.page.FormResult;
import himmelblau.domain.entra.internal.page.Page;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Exchanges a primary refresh token for an access token at the authorize endpoint (entra-tokens
 * 8.2), where the directory applies its rules for the resource. Thread-safe.
 */
public final class PrtExchange {
  private static final int INTERACTION = 16000;
  private static final int STALE_NONCE = 140000;

  private final DomainHttp web;
  private final TokenEndpoint endpoint;

  public PrtExchange(DomainHttp web, TokenEndpoint endpoint) {
    this.web = web;
    this.endpoint = endpoint;
  }

  /**
   * The account and the purpose of a token.
   *
   * @param target a resource (v1) or scopes (v2)
   * @param freshFactor demand that the sign-in behind the token proved a second factor (v1 only)
   */
  public record Target(
      String client, String redirectUri, boolean v2, String target, boolean freshFactor) {

    public static Target resource(String resource, boolean freshFactor) {
      return new Target(
          WellKnownApps.BROKER, WellKnownApps.BROKER_REDIRECT, false, resource, freshFactor);
    }

    public static Target scope(String client, String redirectUri, String scope) {
      return new Target(client, redirectUri, true, scope, false);
    }
  }

  /**
   * Gets tokens. A page that wants a user is an {@link AadstsError} with the number that the
   * directory uses for it elsewhere: 50076 second factor, 65001 consent, 50055 password change.
   */
  public Tokens exchange(Device device, Prt prt, Target target)
      throws DomainUnavailable, SignInRefused, AadstsError {
    return Tokens.of(reply(device, prt, target, Optional.empty()));
  }

  /**
   * As {@link #exchange}, with the whole reply of the token endpoint.
   *
   * @param claims a claims challenge of the resource, JSON
   */
  public Json reply(Device device, Prt prt, Target target, Optional<String> claims)
      throws DomainUnavailable, SignInRefused, AadstsError {
    try {
      return once(device, prt, target, claims);
    } catch (AadstsError e) {
      if (e.has(INTERACTION, STALE_NONCE)) {
        return once(device, prt, target, claims);
      }
      throw e;
    }
  }

  private Json once(Device device, Prt prt, Target target, Optional<String> claims)
      throws DomainUnavailable, SignInRefused, AadstsError {
    String id = UUID.randomUUID().toString();
    String code = code(device, prt, target, claims, id);
    RequestBody form =
        RequestBody.form()
            .with("client_id", target.client())
            .with("grant_type", "authorization_code")
            .with("code", code)
            .with("redirect_uri", target.redirectUri())
            .with("client-request-id", id);
    claims.ifPresent(asked -> form.with("claims", asked));
    return target.v2()
        ? endpoint.json(
            TokenEndpoint.V2,
            form.with("scope", "openid profile offline_access " + target.target()))
        : endpoint.json(TokenEndpoint.V1, form.with("resource", target.target()));
  }

  private String code(Device device, Prt prt, Target target, Optional<String> claims, String id)
      throws DomainUnavailable, SignInRefused, AadstsError {
    RequestBody query =
        RequestBody.form()
            .with("client_id", target.client())
            .with("response_type", "code")
            .with("redirect_uri", target.redirectUri())
            .with("client-request-id", id);
    claims.ifPresent(asked -> query.with("claims", asked));
    if (target.v2()) {
      query.with("scope", "openid profile " + target.target());
    } else {
      query.with("resource", target.target());
      if (target.freshFactor()) {
        query.with("amr_values", "ngcmfa");
      }
    }
    String path = target.v2() ? "oauth2/v2.0/authorize?" : "oauth2/authorize?";
    URI uri = endpoint.authority().at(path + new String(query.finish(), StandardCharsets.US_ASCII));
    String nonce = endpoint.nonce();
    try (Secret session = sessionCredential(prt, nonce);
        Secret own = deviceCredential(device, nonce)) {
      HttpCall call =
          HttpCall.get(uri)
              .header("User-Agent", "")
              .header("x-ms-RefreshTokenCredential", session.revealText())
              .header("x-ms-DeviceCredential", own.revealText());
      FormResult answer = new Browser(web, target.redirectUri()).open(call);
      if (answer instanceof FormResult.Code code) {
        return code.code();
      }
      if (answer instanceof FormResult.Shown shown) {
        throw judged(shown.page());
      }
      throw new IllegalStateException("The reply is neither a code nor a page");
    }
  }

  private static AadstsError judged(Page page) {
    Optional<AadstsError> error = page.error();
    if (error.isPresent()) {
      return error.get();
    }
    return switch (page.kind()) {
      case SECOND_FACTOR, REGISTER_METHOD -> AadstsError.of(50076, "Second factor required");
      case CONSENT -> AadstsError.of(65001, "Consent required");
      case CHANGE_PASSWORD -> AadstsError.of(50055, "New password required");
      default -> AadstsError.of(50058, "The directory demands an interactive sign-in");
    };
  }

  private static Secret sessionCredential(Prt prt, String nonce) {
    byte[] claims =
        common(RequestBody.json().with("refresh_token", prt.token()).with("request_nonce", nonce))
            .finish();
    try {
      return prt.key().sign(claims);
    } finally {
      Arrays.fill(claims, (byte) 0);
    }
  }

  private static Secret deviceCredential(Device device, String nonce) throws SignInRefused {
    return device.sign(
        common(
                RequestBody.json()
                    .with("grant_type", "device_auth")
                    .with("iss", "aad:brokerplugin")
                    .with("request_nonce", nonce))
            .finish());
  }

  static RequestBody common(RequestBody claims) {
    return PrtClient.windowsVersion(
        claims
            .withNull("ua_client_id")
            .withNull("ua_redirect_uri")
            .withNull("x_client_platform")
            .with("windows_api_version", "2.0.1"));
  }
}
