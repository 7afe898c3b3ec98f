package himmelblau.domain.entra.internal.token;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.time.InstantSource;

/** The token endpoints of one tenant: requests tokens for grants. Thread-safe. */
public final class TokenEndpoint {
  static final String V1 = "oauth2/token";
  public static final String V2 = "oauth2/v2.0/token";
  static final String WHAT = "The token endpoint";

  private final DomainHttp web;
  private final Authority authority;
  private final ServerClock clock;

  public TokenEndpoint(DomainHttp web, Authority authority, InstantSource clock) {
    this.web = web;
    this.authority = authority;
    this.clock = new ServerClock(clock);
  }

  /** The time that this endpoint uses. */
  public ServerClock clock() {
    return clock;
  }

  public Authority authority() {
    return authority;
  }

  /** A fresh server challenge. */
  public String nonce() throws DomainUnavailable, AadstsError {
    Json reply = json(V1, RequestBody.form().with("grant_type", "srv_challenge"));
    return reply.require("Nonce");
  }

  /** Redeems a code of an interactive sign-in. */
  public Tokens redeem(String code) throws DomainUnavailable, AadstsError {
    return tokens(
        V1,
        RequestBody.form()
            .with("client_id", WellKnownApps.BROKER)
            .with("grant_type", "authorization_code")
            .with("code", code)
            .with("redirect_uri", WellKnownApps.BROKER_REDIRECT));
  }

  /** Trades a refresh token of the broker (borrowed) for tokens of {@code scope}. */
  public Tokens refresh(Secret refreshToken, String scope) throws DomainUnavailable, AadstsError {
    return tokens(
        V2,
        RequestBody.form()
            .with("client_id", WellKnownApps.BROKER)
            .with("scope", "openid profile offline_access " + scope)
            .with("grant_type", "refresh_token")
            .with("refresh_token", refreshToken)
            .with("client_info", "1"));
  }

  /** Any grant that is answered with tokens in plain JSON. */
  public Tokens tokens(String path, RequestBody form) throws DomainUnavailable, AadstsError {
    return Tokens.of(json(path, form));
  }

  /** Any grant that is answered in plain JSON. */
  public Json json(String path, RequestBody form) throws DomainUnavailable, AadstsError {
    return Json.parse(text(path, form), WHAT + "'s reply");
  }

  /** Any grant; the body of a good reply. */
  String text(String path, RequestBody form) throws DomainUnavailable, AadstsError {
    HttpReply reply =
        web.send(
            HttpCall.post(authority.at(path), DomainHttp.FORM, form.finish())
                .header("Accept", "application/json"));
    clock.heard(reply);
    if (!reply.ok()) {
      throw AadstsError.of(reply, WHAT);
    }
    return reply.text();
  }
}
