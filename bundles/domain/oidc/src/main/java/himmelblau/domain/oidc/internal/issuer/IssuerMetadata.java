package himmelblau.domain.oidc.internal.issuer;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * What an issuer says about itself (OpenID Connect Discovery 1.0 section 3), as far as it is used.
 *
 * @param deviceAuthorization where device codes come from; empty: from nowhere
 * @param userInfo where more claims are, if anywhere
 * @param scopes that it supports; empty: it does not say
 * @param passwords whether it takes passwords, as far as it says
 * @param clientMethods how a client may prove which one it is; never empty
 */
public record IssuerMetadata(
    Optional<URI> deviceAuthorization,
    URI token,
    URI keys,
    Optional<URI> userInfo,
    Set<String> scopes,
    boolean passwords,
    Set<String> clientMethods) {
  public IssuerMetadata {
    scopes = Set.copyOf(scopes);
    clientMethods = Set.copyOf(clientMethods);
  }
}
