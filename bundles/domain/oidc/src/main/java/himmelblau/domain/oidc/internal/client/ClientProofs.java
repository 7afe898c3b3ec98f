package himmelblau.domain.oidc.internal.client;

import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import java.time.Clock;
import java.util.Optional;

/** The values of oidc_client_auth (OpenID Connect Core 1.0 section 9). */
public final class ClientProofs {
  private ClientProofs() {}

  /**
   * What a host proves with.
   *
   * @param method value of the option
   * @param client the client id
   * @return empty for a public client
   */
  public static Optional<ClientProof> of(
      String method, String client, ClientKey key, ClientSecret secret, Clock clock) {
    return switch (method) {
      case "private_key_jwt" -> Optional.of(new ClientAssertions(key, client, clock));
      case "client_secret_basic" ->
          Optional.of(
              new SecretProof(secret, client, ClientAuthenticationMethod.CLIENT_SECRET_BASIC));
      case "client_secret_post" ->
          Optional.of(
              new SecretProof(secret, client, ClientAuthenticationMethod.CLIENT_SECRET_POST));
      default -> Optional.empty();
    };
  }
}
