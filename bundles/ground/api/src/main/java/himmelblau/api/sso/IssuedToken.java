package himmelblau.api.sso;

import himmelblau.api.secret.Secret;
import java.time.Instant;
import java.util.List;

/**
 * What the directory issued. Closing it wipes the tokens.
 *
 * @param access the access token
 * @param pop whether it is bound to a key of the program, not a bearer token
 * @param id the id token, a JWT
 * @param clientInfo ids of user and tenant, as {@code client_info} of the directory has them
 * @param scopes the scopes that were granted
 * @param expires when the access token expires
 * @param extendedExpires until when a program may use it while the directory is down; not before
 *     {@code expires}
 */
public record IssuedToken(
    Secret access,
    boolean pop,
    Secret id,
    String clientInfo,
    List<String> scopes,
    Instant expires,
    Instant extendedExpires)
    implements AutoCloseable {
  public IssuedToken {
    scopes = List.copyOf(scopes);
  }

  @Override
  public void close() {
    access.close();
    id.close();
  }
}
