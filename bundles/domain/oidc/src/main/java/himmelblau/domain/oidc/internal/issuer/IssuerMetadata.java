package himmelblau.domain.oidc.internal.issuer;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What an issuer says about itself (OpenID Connect Discovery 1.0 section 3), as far as it is used.
 *
 * @param userInfo where more claims are, if anywhere
 * @param scopes that it supports; empty: it does not say
 * @param clientMethods how a client may prove which one it is; never empty
 */
public record IssuerMetadata(
    URI deviceAuthorization,
    URI token,
    URI keys,
    Optional<URI> userInfo,
    Set<String> scopes,
    Set<String> clientMethods) {
  public IssuerMetadata {
    scopes = Set.copyOf(scopes);
    clientMethods = Set.copyOf(clientMethods);
  }
}
