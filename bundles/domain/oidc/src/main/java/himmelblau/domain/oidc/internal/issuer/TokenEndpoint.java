package himmelblau.domain.oidc.internal.issuer;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationRequest;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationResponse;
import com.nimbusds.oauth2.sdk.device.DeviceAuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.device.DeviceCode;
import com.nimbusds.oauth2.sdk.device.DeviceCodeGrant;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.client.HostClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The requests of a client (RFC 6749, RFC 8628). Thread-safe: it has no state. */
public final class TokenEndpoint {
  private static final List<String> SCOPES =
      List.of("openid", "profile", "email", "offline_access");
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern SHOWN = Pattern.compile("[\\x21-\\x7e]{1,64}");
  private static final int LONGEST_ADDRESS = 512;

  private final IssuerHttp http;
  private final String issuer;
  private static final int NO_CLIENT = 401; // RFC 6749 section 5.2

  private final HostClient client;

  public TokenEndpoint(IssuerHttp http, String issuer, HostClient client) {
    this.http = http;
    this.issuer = issuer;
    this.client = client;
  }

  /** Asks for a device code and a user code (RFC 8628 section 3.1). */
  public DeviceAuthorization authorizeDevice(IssuerMetadata metadata)
      throws DomainUnavailable, SignInRefused {
    HTTPResponse reply =
        http.form(
            deviceRequest(metadata).toHTTPRequest(),
            "The device authorization endpoint of " + issuer);
    DeviceAuthorizationResponse response;
    try {
      nameAddress(reply);
      response = DeviceAuthorizationResponse.parse(reply);
    } catch (ParseException | RuntimeException e) {
      throw unreadable("device authorization");
    }
    if (!response.indicatesSuccess()) {
      TokenReply.Refused refused = refused(reply, response.toErrorResponse().getErrorObject());
      throw new SignInRefused(
          Reason.BLOCKED_BY_POLICY,
          "The identity provider does not allow this host to sign users in."
              + " Please ask your administrator.",
          Optional.of(refused.code()),
          false);
    }
    client.answered(true);
    DeviceAuthorizationSuccessResponse said = response.toSuccessResponse();
    URI complete = said.getVerificationURIComplete();
    return new DeviceAuthorization(
        said.getDeviceCode().getValue(),
        shown(said.getUserCode().getValue()),
        address(complete == null ? said.getVerificationURI() : complete),
        Duration.ofSeconds(Math.clamp(said.getInterval(), 1, 60)),
        Duration.ofSeconds(Math.clamp(said.getLifetime(), 30, 3600)));
  }

  /** Early drafts of RFC 8628 called it verification_url, as Google still does. */
  private static void nameAddress(HTTPResponse reply) throws ParseException {
    if (reply.getStatusCode() == 200) {
      Map<String, Object> said = reply.getBodyAsJSONObject();
      Object address = said.get("verification_url");
      if (address != null && said.putIfAbsent("verification_uri", address) == null) {
        reply.setBody(JSONObjectUtils.toJSONString(said));
      }
    }
  }

  private DeviceAuthorizationRequest deviceRequest(IssuerMetadata metadata)
      throws DomainUnavailable {
    URI place =
        metadata
            .deviceAuthorization()
            .orElseThrow(() -> new IllegalStateException("The issuer gives no device codes"));
    Optional<ClientAuthentication> proof = proof(metadata);
    return proof.isPresent()
        ? new DeviceAuthorizationRequest.Builder(proof.get())
            .endpointURI(place)
            .scope(scopes(metadata))
            .build()
        : new DeviceAuthorizationRequest(place, client.id(), scopes(metadata));
  }

  /** Asks once whether the user has completed the sign-in (RFC 8628 section 3.4). */
  public TokenReply poll(IssuerMetadata metadata, String deviceCode) throws DomainUnavailable {
    return ask(metadata, new DeviceCodeGrant(new DeviceCode(deviceCode)), null);
  }

  /**
   * Renews (RFC 6749 section 6).
   *
   * @param refresh borrowed
   */
  public TokenReply refresh(IssuerMetadata metadata, Secret refresh) throws DomainUnavailable {
    return ask(metadata, new RefreshTokenGrant(new RefreshToken(refresh.revealText())), null);
  }

  /**
   * Hands in a password (RFC 6749 section 4.3).
   *
   * @param user the name at the issuer
   * @param password borrowed
   */
  public TokenReply password(IssuerMetadata metadata, String user, Secret password)
      throws DomainUnavailable {
    return ask(
        metadata,
        new ResourceOwnerPasswordCredentialsGrant(
            user, new com.nimbusds.oauth2.sdk.auth.Secret(password.revealText())),
        scopes(metadata));
  }

  /** Without a scope: what was granted. */
  private TokenReply ask(IssuerMetadata metadata, AuthorizationGrant grant, @Nullable Scope scope)
      throws DomainUnavailable {
    HTTPResponse reply =
        http.form(
            tokenRequest(metadata, grant, scope).toHTTPRequest(),
            "The token endpoint of " + issuer);
    TokenResponse response;
    try {
      response = OIDCTokenResponseParser.parse(reply);
    } catch (ParseException | RuntimeException e) {
      throw unreadable("token"); // without the library's text, which may repeat a token
    }
    if (!response.indicatesSuccess()) {
      return refused(reply, response.toErrorResponse().getErrorObject());
    }
    client.answered(true);
    if (!(response.toSuccessResponse() instanceof OIDCTokenResponse tokens)
        || tokens.getOIDCTokens().getIDToken() == null) {
      throw IssuerHttp.protocol("The token endpoint of " + issuer + " gave no ID token");
    }
    return new TokenReply.Tokens(
        tokens.getOIDCTokens().getIDToken(),
        Secret.ofText(tokens.getOIDCTokens().getAccessToken().getValue()),
        Optional.ofNullable(tokens.getOIDCTokens().getRefreshToken())
            .map(token -> Secret.ofText(token.getValue())),
        life(tokens.getCustomParameters().get("refresh_expires_in")));
  }

  private TokenRequest tokenRequest(
      IssuerMetadata metadata, AuthorizationGrant grant, @Nullable Scope scope)
      throws DomainUnavailable {
    Optional<ClientAuthentication> proof = proof(metadata);
    return proof.isPresent()
        ? new TokenRequest(metadata.token(), proof.get(), grant, scope)
        : new TokenRequest(metadata.token(), client.id(), grant, scope);
  }

  private Optional<ClientAuthentication> proof(IssuerMetadata metadata) throws DomainUnavailable {
    return client.prove(metadata.token(), metadata.clientMethods());
  }

  /** Zero means without an end. */
  private static Optional<Duration> life(@Nullable Object seconds) {
    return seconds instanceof Number number && number.longValue() > 0
        ? Optional.of(Duration.ofSeconds(Math.min(number.longValue(), Integer.MAX_VALUE)))
        : Optional.empty();
  }

  /** An issuer that lists its scopes is not asked for others: some refuse the whole request. */
  private static Scope scopes(IssuerMetadata metadata) {
    return new Scope(
        SCOPES.stream()
            .filter(
                scope ->
                    scope.equals("openid")
                        || metadata.scopes().isEmpty()
                        || metadata.scopes().contains(scope))
            .toArray(String[]::new));
  }

  private TokenReply.Refused refused(HTTPResponse reply, @Nullable ErrorObject error) {
    String code = error == null || error.getCode() == null ? "" : error.getCode();
    client.answered(
        code.equals("invalid_grant") // of a password, which Keycloak answers with 401, too
            || (reply.getStatusCode() != NO_CLIENT && !code.equals("invalid_client")));
    String description =
        error == null || error.getDescription() == null ? "" : error.getDescription();
    return new TokenReply.Refused(
        CODE.matcher(code).matches() ? code : "unknown", description.toLowerCase(Locale.ROOT));
  }

  /** What is printed on a terminal has no control characters. */
  private String shown(String code) throws DomainUnavailable {
    if (!SHOWN.matcher(code).matches()) {
      throw unreadable("device authorization");
    }
    return code;
  }

  private String address(URI uri) throws DomainUnavailable {
    IssuerHttp.requireHttps(uri, "The verification_uri of " + issuer);
    String text = uri.toASCIIString();
    if (text.length() > LONGEST_ADDRESS) {
      throw unreadable("device authorization");
    }
    return text;
  }

  private DomainUnavailable unreadable(String endpoint) {
    return IssuerHttp.protocol(
        "The answer of the " + endpoint + " endpoint of " + issuer + " cannot be read");
  }
}
