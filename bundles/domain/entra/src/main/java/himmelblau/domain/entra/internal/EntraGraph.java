package himmelblau.domain.entra.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.graph.GraphAccess;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.client.AppToken;
import himmelblau.domain.entra.internal.client.AppTokens;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Graph of one domain, for commands of administrators. Thread-safe. */
record EntraGraph(EntraSettings settings, AppTokens tokens, EntraTokens.TenantSource tenants)
    implements GraphAccess {
  @Override
  public Set<String> domains() {
    return settings.domains();
  }

  @Override
  public URI address() throws DomainUnavailable {
    return URI.create(tenants.get().authority().graph());
  }

  @Override
  public URI consentPage(String clientId) throws DomainUnavailable {
    String query = "client_id=" + URLEncoder.encode(clientId, StandardCharsets.UTF_8);
    return tenants.get().authority().at("adminconsent?" + query);
  }

  @Override
  public Optional<String> application() throws DomainUnavailable {
    return tokens.clientId();
  }

  @Override
  public Secret applicationToken() throws DomainUnavailable {
    try (AppToken token = tokens.require(tenants.get().endpoint(), true)) {
      return token.access().copy();
    }
  }
}
