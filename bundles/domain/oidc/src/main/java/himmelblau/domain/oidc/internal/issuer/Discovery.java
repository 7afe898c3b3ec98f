package himmelblau.domain.oidc.internal.issuer;

import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import himmelblau.api.domain.DomainUnavailable;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The metadata of one issuer (OpenID Connect Discovery 1.0 section 4). Thread-safe. */
public final class Discovery {
  private static final int MOST_BYTES = 128 * 1024;
  private static final String PLACE = "/.well-known/openid-configuration";

  private final IssuerHttp http;
  private final String issuer;
  private final boolean passwordsWanted;
  private volatile @Nullable IssuerMetadata known;

  /**
   * @param passwordsWanted whether an issuer without device codes will do
   */
  public Discovery(IssuerHttp http, String issuer, boolean passwordsWanted) {
    this.http = http;
    this.issuer = issuer;
    this.passwordsWanted = passwordsWanted;
  }

  /** What is known, or else what the issuer says now. */
  public IssuerMetadata current() throws DomainUnavailable {
    IssuerMetadata last = known;
    return last == null ? fetch() : last;
  }

  /** What the issuer says now. */
  public IssuerMetadata fetch() throws DomainUnavailable {
    String what = "The issuer " + issuer;
    URI place = URI.create(issuer.replaceFirst("/$", "") + PLACE);
    OIDCProviderMetadata said;
    try {
      said = OIDCProviderMetadata.parse(http.document(place, MOST_BYTES, what));
    } catch (ParseException | RuntimeException e) {
      throw IssuerHttp.protocol(what + " has metadata that cannot be read: " + e.getMessage());
    }
    if (!issuer.equals(said.getIssuer().getValue())) {
      throw IssuerHttp.protocol(
          what
              + " calls itself "
              + said.getIssuer().getValue().replaceAll("[^\\x21-\\x7e]", "?")
              + ": both must be the same, character by character (oidc_issuer_url)");
    }
    boolean passwords =
        said.getGrantTypes() != null && said.getGrantTypes().contains(GrantType.PASSWORD);
    Scope scopes = said.getScopes();
    IssuerMetadata metadata =
        new IssuerMetadata(
            device(said.getDeviceAuthorizationEndpointURI(), passwords),
            endpoint(said.getTokenEndpointURI(), "token_endpoint"),
            endpoint(said.getJWKSetURI(), "jwks_uri"),
            said.getUserInfoEndpointURI() == null
                ? Optional.empty()
                : Optional.of(endpoint(said.getUserInfoEndpointURI(), "userinfo_endpoint")),
            scopes == null ? Set.of() : Set.copyOf(scopes.toStringList()),
            passwords,
            clientMethods(said.getTokenEndpointAuthMethods()));
    known = metadata;
    return metadata;
  }

  /** Who does not say takes the secret in the header (section 3). */
  private static Set<String> clientMethods(@Nullable List<ClientAuthenticationMethod> said) {
    return said == null
        ? Set.of(ClientAuthenticationMethod.CLIENT_SECRET_BASIC.getValue())
        : said.stream()
            .map(ClientAuthenticationMethod::getValue)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Who takes passwords need not give device codes. */
  private Optional<URI> device(@Nullable URI said, boolean passwords) throws DomainUnavailable {
    return said == null && passwords && passwordsWanted
        ? Optional.empty()
        : Optional.of(endpoint(said, "device_authorization_endpoint"));
  }

  private URI endpoint(@Nullable URI said, String name) throws DomainUnavailable {
    if (said == null) {
      throw IssuerHttp.protocol(
          "The issuer "
              + issuer
              + " has no "
              + name
              + (name.startsWith("device")
                  ? ": it does not offer the device authorization grant (RFC 8628)"
                  : ""));
    }
    IssuerHttp.requireHttps(said, "The " + name + " of " + issuer);
    return said;
  }
}
