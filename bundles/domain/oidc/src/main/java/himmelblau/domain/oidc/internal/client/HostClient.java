package himmelblau.domain.oidc.internal.client;

import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.id.ClientID;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.log.Log;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What this host is to one issuer: a client, and whether the issuer took it for that. Thread-safe.
 */
public final class HostClient {
  private static final Log LOG = Log.of(HostClient.class);

  private final String domain;
  private final String id;
  private final Optional<ClientProof> proof;
  private volatile boolean refused;

  /**
   * @param id the client id
   * @param proof empty: a public client
   */
  public HostClient(String domain, String id, Optional<ClientProof> proof) {
    this.domain = domain;
    this.id = id;
    this.proof = proof;
  }

  public ClientID id() {
    return new ClientID(id);
  }

  /**
   * A proof for one request; empty: the client only names itself.
   *
   * @see ClientProof#next
   */
  public Optional<ClientAuthentication> prove(URI audience, Set<String> offered)
      throws DomainUnavailable {
    return proof.isPresent() ? Optional.of(proof.get().next(audience, offered)) : Optional.empty();
  }

  /**
   * Notes whether the issuer took this host for the client. Users are not told more than that the
   * host is not allowed; an administrator is.
   */
  public void answered(boolean taken) {
    refused = !taken;
    if (!taken) {
      LOG.warn("domain.client_refused", "domain", domain, "client", id, "cure", cure());
    }
  }

  private String cure() {
    return proof
        .map(ClientProof::cure)
        .orElse("compare app_id and oidc_client_auth with the issuer");
  }

  /** What keeps users from signing in, for an administrator. Does not reach the network. */
  public List<String> troubles() {
    return Stream.concat(
            proof.flatMap(ClientProof::missing).stream(),
            refused
                ? Stream.of(
                    "the issuer refused this host as client "
                        + id
                        + " when it was last asked: "
                        + cure())
                : Stream.empty())
        .map(text -> domain + ": " + text)
        .toList();
  }
}
