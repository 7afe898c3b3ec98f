package himmelblau.domain.entra.internal.token;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Jws;
import himmelblau.domain.entra.internal.crypto.RsaBlob;
import himmelblau.domain.entra.internal.crypto.SessionKey;
import himmelblau.domain.entra.internal.device.Device;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Gets and renews primary refresh tokens (entra-tokens 6). Thread-safe. */
public final class PrtClient {
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String SCOPE = "openid aza ugs";
  private static final int STALE_NONCE = 140000;
  private static final int ASSERTION_LIFE = 300;
  private static final Set<String> AUDIENCES =
      Set.of(WellKnownApps.BROKER, WellKnownApps.BROKER_IDENTITY);

  private final TokenEndpoint endpoint;
  private final IdTokens idTokens;
  private final Clock clock;

  public PrtClient(TokenEndpoint endpoint, IdTokens idTokens, Clock clock) {
    this.endpoint = endpoint;
    this.idTokens = idTokens;
    this.clock = clock;
  }

  /** From a refresh token (borrowed) of an interactive sign-in. */
  public Prt byRefreshToken(Device device, AccountName name, Secret refresh, boolean multiFactor)
      throws DomainUnavailable, SignInRefused, AadstsError {
    return acquire(
        device,
        name,
        multiFactor,
        nonce ->
            claims(WellKnownApps.BROKER, nonce)
                .with("grant_type", "refresh_token")
                .with("refresh_token", refresh));
  }

  /** From a password (borrowed): proves only that the password is correct. */
  public Prt byPassword(Device device, AccountName name, Secret password)
      throws DomainUnavailable, SignInRefused, AadstsError {
    return acquire(
        device,
        name,
        false,
        nonce ->
            claims(WellKnownApps.BROKER_IDENTITY, nonce)
                .with("grant_type", "password")
                .with("username", name.upn())
                .with("password", password));
  }

  /** From an unlocked Hello key, which counts as two factors. */
  public Prt byHello(Device device, AccountName name, Key hello)
      throws DomainUnavailable, SignInRefused, AadstsError {
    return acquire(
        device,
        name,
        true,
        nonce -> {
          try (Secret assertion = assertion(name, hello, endpoint.nonce())) {
            return claims(WellKnownApps.BROKER, nonce)
                .with("grant_type", JWT_BEARER)
                .with("username", name.upn())
                .with("assertion", assertion);
          }
        });
  }

  private Secret assertion(AccountName name, Key hello, String nonce) throws SignInRefused {
    String header =
        "{\"alg\":\"RS256\",\"kid\":\""
            + RsaBlob.kid(hello.publicKey())
            + "\",\"typ\":\"JWT\",\"use\":\"ngc\"}";
    long now = endpoint.clock().instant().getEpochSecond();
    byte[] claims = assertionClaims(name.upn(), now - ASSERTION_LIFE, now + ASSERTION_LIFE, nonce);
    try {
      return Jws.rs256(header, claims, hello);
    } catch (KeyStoreUnavailable e) {
      throw Device.hardware(e);
    }
  }

  static byte[] assertionClaims(String upn, long from, long to, String nonce) {
    return RequestBody.json()
        .with("iss", upn)
        .with("aud", "common")
        .with("iat", from)
        .with("exp", to)
        .with("scope", SCOPE)
        .with("request_nonce", nonce)
        .finish();
  }

  private static RequestBody claims(String client, String nonce) {
    return windowsVersion(
        RequestBody.json()
            .with("client_id", client)
            .with("request_nonce", nonce)
            .with("scope", SCOPE));
  }

  static RequestBody windowsVersion(RequestBody claims) {
    Optional<String> system = OsRelease.describe();
    return system.isPresent() ? claims.with("win_ver", system.get()) : claims.withNull("win_ver");
  }

  private interface Claims {
    RequestBody with(String nonce) throws DomainUnavailable, SignInRefused, AadstsError;
  }

  private Prt acquire(Device device, AccountName name, boolean multiFactor, Claims claims)
      throws DomainUnavailable, SignInRefused, AadstsError {
    try {
      return request(device, name, multiFactor, claims);
    } catch (AadstsError e) {
      if (e.has(STALE_NONCE)) {
        return request(device, name, multiFactor, claims);
      }
      throw e;
    }
  }

  private Prt request(Device device, AccountName name, boolean multiFactor, Claims claims)
      throws DomainUnavailable, SignInRefused, AadstsError {
    byte[] payload = claims.with(endpoint.nonce()).finish();
    try (Secret request = device.sign(payload)) {
      Json reply =
          endpoint.json(
              TokenEndpoint.V1,
              RequestBody.form()
                  .with("windows_api_version", "2.2")
                  .with("grant_type", JWT_BEARER)
                  .with("request", request)
                  .with("client_info", "1")
                  .with("tgt", "true"));
      SessionKey key = device.unwrap(reply.require("session_key_jwe"));
      return read(reply, key, name, multiFactor, device);
    } finally {
      Arrays.fill(payload, (byte) 0);
    }
  }

  /** Renews {@code prt} with itself. The result is closed separately. */
  public Prt renew(Device device, AccountName name, Prt prt)
      throws DomainUnavailable, SignInRefused, AadstsError {
    try {
      return renewal(device, name, prt);
    } catch (AadstsError e) {
      if (e.has(STALE_NONCE)) {
        return renewal(device, name, prt);
      }
      throw e;
    }
  }

  private Prt renewal(Device device, AccountName name, Prt prt)
      throws DomainUnavailable, SignInRefused, AadstsError {
    byte[] payload =
        windowsVersion(
                RequestBody.json()
                    .with("client_id", WellKnownApps.BROKER_IDENTITY)
                    .with("scope", SCOPE)
                    .with("grant_type", "refresh_token")
                    .with("refresh_token", prt.token())
                    .with("request_nonce", endpoint.nonce())
                    .with("iss", "aad:brokerplugin")
                    .with("aud", "login.microsoftonline.com")
                    .withNull("resource"))
            .finish();
    try (Secret request = prt.key().sign(payload)) {
      String reply =
          endpoint.text(
              TokenEndpoint.V1,
              RequestBody.form()
                  .with("grant_type", JWT_BEARER)
                  .with("windows_api_version", "2.2")
                  .with("request", request)
                  .with("client_info", "1")
                  .with("tgt", "true"));
      byte[] plain = prt.key().open(reply, TokenEndpoint.WHAT + "'s reply");
      try {
        Json opened = Json.parse(plain, TokenEndpoint.WHAT + "'s reply");
        return read(opened, new SessionKey(prt.key().copy()), name, prt.multiFactor(), device);
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    } finally {
      Arrays.fill(payload, (byte) 0);
    }
  }

  /** Takes over {@code key}. */
  private Prt read(Json reply, SessionKey key, AccountName name, boolean mfa, Device device)
      throws DomainUnavailable, SignInRefused {
    boolean done = false;
    try (Tokens tokens = Tokens.of(reply)) {
      TokenSubject identity =
          idTokens.check(
              tokens.requireIdentity(), Optional.empty(), endpoint.authority(), AUDIENCES, name);
      Instant expires =
          reply.number("expires_on").isPresent()
              ? Instant.ofEpochSecond(reply.requireNumber("expires_on"))
              : clock.instant().plusSeconds(reply.requireNumber("expires_in"));
      Prt prt =
          new Prt(
              tokens.requireRefresh().copy(),
              key,
              expires,
              identity,
              mfa,
              device.record().deviceId(),
              ReplyTickets.of(reply, key, identity.tenantId()));
      done = true;
      return prt;
    } finally {
      if (!done) {
        key.close();
      }
    }
  }
}
