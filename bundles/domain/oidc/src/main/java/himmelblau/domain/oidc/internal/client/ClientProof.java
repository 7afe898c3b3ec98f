package himmelblau.domain.oidc.internal.client;

import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import himmelblau.api.domain.DomainUnavailable;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** A way to prove to an issuer which client this host is. Thread-safe. */
public interface ClientProof {
  /**
   * A proof for one request.
   *
   * @param audience the token endpoint of the issuer, whichever endpoint is asked
   * @param offered the methods that the issuer takes (token_endpoint_auth_methods_supported)
   * @throws DomainUnavailable if there is nothing to prove it with, it cannot be used now, or must
   *     not be sent
   */
  ClientAuthentication next(URI audience, Set<String> offered) throws DomainUnavailable;

  /** What an administrator still has to do; empty: nothing. Does not reach the network. */
  Optional<String> missing();

  /** What cures a refusal, for an administrator. */
  String cure();
}
