package himmelblau.api.sso;

import java.util.List;
import java.util.Optional;

/**
 * The token that a program asks for.
 *
 * @param clientId the application, as registered in the directory
 * @param redirectUri where that application gets its codes; empty: what the directory has for it.
 *     Never opened
 * @param scopes at least one (RFC 6749 3.3)
 * @param claims a claims challenge of a resource, JSON as text (OpenID Connect Core 5.5)
 * @param popKey the id of the program's own key that the token is bound to (RFC 7800 3.4); empty: a
 *     bearer token
 */
public record TokenRequest(
    String clientId,
    Optional<String> redirectUri,
    List<String> scopes,
    Optional<String> claims,
    Optional<String> popKey) {
  public TokenRequest {
    scopes = List.copyOf(scopes);
  }
}
