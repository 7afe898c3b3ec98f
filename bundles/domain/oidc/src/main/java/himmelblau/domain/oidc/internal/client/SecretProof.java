package himmelblau.domain.oidc.internal.client;

import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.id.ClientID;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The client secret, in the header (RFC 6749 section 2.3.1: id and secret encoded as in a form) or
 * in the form.
 */
final class SecretProof implements ClientProof {
  private final ClientSecret stored;
  private final ClientID client;
  private final ClientAuthenticationMethod method;

  /**
   * @param method {@code client_secret_basic} or {@code client_secret_post}
   */
  SecretProof(ClientSecret stored, String client, ClientAuthenticationMethod method) {
    this.stored = stored;
    this.client = new ClientID(client);
    this.method = method;
  }

  @Override
  public ClientAuthentication next(URI audience, Set<String> offered) throws DomainUnavailable {
    if (!offered.contains(method.getValue())) {
      throw new DomainUnavailable(
          Kind.PROTOCOL,
          "The issuer does not take the client secret by "
              + method
              + ": set oidc_client_auth to one of what it takes ("
              + String.join(", ", new TreeSet<>(offered)).replaceAll("[^\\x20-\\x7e]", "?")
              + ")");
    }
    try (Secret secret =
        stored
            .read()
            .orElseThrow(
                () ->
                    new DomainUnavailable(
                        Kind.PROTOCOL,
                        "There is no client secret: store it with " + stored.command()))) {
      var value = new com.nimbusds.oauth2.sdk.auth.Secret(secret.revealText());
      return method.equals(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
          ? new ClientSecretBasic(client, value)
          : new ClientSecretPost(client, value);
    } catch (KeyStoreUnavailable e) {
      throw new DomainUnavailable(
          Kind.TEMPORARY, "The client secret cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<String> missing() {
    return stored.present()
        ? Optional.empty()
        : Optional.of(
            "oidc_client_auth = "
                + method
                + " needs the secret of the client at the issuer: "
                + stored.command());
  }

  @Override
  public String cure() {
    return "store its secret with " + stored.command();
  }
}
