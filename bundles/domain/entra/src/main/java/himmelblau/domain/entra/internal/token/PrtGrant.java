package himmelblau.domain.entra.internal.token;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Exchanges a primary refresh token at the token endpoint (entra-tokens 8.4), in two steps: a
 * refresh token for the application, and with it the token that is wanted. For tokens that are
 * bound to a key, and for resources that the authorize endpoint refuses with AADSTS50132.
 * Thread-safe.
 */
public final class PrtGrant {
  private static final int STALE_NONCE = 140000;
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String BASIC = "openid profile offline_access";

  private final TokenEndpoint endpoint;

  public PrtGrant(TokenEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Gets tokens; the whole reply of the token endpoint.
   *
   * @param target with scopes
   * @param claims a claims challenge of the resource, JSON
   * @param popKey the id of the key that the token is to be bound to
   */
  public Json reply(
      Prt prt, PrtExchange.Target target, Optional<String> claims, Optional<String> popKey)
      throws DomainUnavailable, AadstsError {
    try (Secret refresh = refreshToken(prt, target)) {
      RequestBody form =
          RequestBody.form()
              .with("client_id", target.client())
              .with("scope", BASIC + " " + target.target())
              .with("grant_type", "refresh_token")
              .with("refresh_token", refresh)
              .with("client_info", "1");
      claims.ifPresent(asked -> form.with("claims", asked));
      popKey.ifPresent(kid -> form.with("token_type", "pop").with("req_cnf", confirmation(kid)));
      return endpoint.json(TokenEndpoint.V2, form);
    }
  }

  /** RFC 7800 3.4: the key by its id. */
  static String confirmation(String kid) {
    byte[] json = RequestBody.json().with("kid", kid).finish();
    return Base64s.url(json);
  }

  private Secret refreshToken(Prt prt, PrtExchange.Target target)
      throws DomainUnavailable, AadstsError {
    try {
      return once(prt, target);
    } catch (AadstsError e) {
      if (e.has(STALE_NONCE)) {
        return once(prt, target);
      }
      throw e;
    }
  }

  private Secret once(Prt prt, PrtExchange.Target target) throws DomainUnavailable, AadstsError {
    byte[] payload =
        PrtClient.windowsVersion(
                RequestBody.json()
                    .with("client_id", target.client())
                    .with("redirect_uri", target.redirectUri())
                    .with("scope", BASIC)
                    .with("grant_type", "refresh_token")
                    .with("refresh_token", prt.token())
                    .with("request_nonce", endpoint.nonce())
                    .with("iss", "aad:brokerplugin")
                    .with("aud", "login.microsoftonline.com"))
            .finish();
    try (Secret request = prt.key().sign(payload)) {
      String text =
          endpoint.text(
              TokenEndpoint.V1,
              RequestBody.form()
                  .with("grant_type", JWT_BEARER)
                  .with("windows_api_version", "2.2")
                  .with("request", request)
                  .with("client_id", target.client())
                  .with("redirect_uri", target.redirectUri())
                  .with("client_info", "1"));
      byte[] plain =
          text.startsWith("{")
              ? text.getBytes(StandardCharsets.UTF_8) // both forms are known (entra-tokens 8.4)
              : prt.key().open(text, TokenEndpoint.WHAT + "'s reply");
      try {
        return Secret.ofText(
            Json.parse(plain, TokenEndpoint.WHAT + "'s reply").require("refresh_token"));
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    } finally {
      Arrays.fill(payload, (byte) 0);
    }
  }
}
