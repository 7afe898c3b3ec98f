package himmelblau.domain.entra.internal;

import himmelblau.domain.entra.internal.graph.Graph;
import himmelblau.domain.entra.internal.token.Authority;
import himmelblau.domain.entra.internal.token.IdTokens;
import himmelblau.domain.entra.internal.token.PrtClient;
import himmelblau.domain.entra.internal.token.PrtExchange;
import himmelblau.domain.entra.internal.token.TokenEndpoint;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import java.time.Clock;

/** A discovered tenant, and the clients for its endpoints. Thread-safe. */
public record Tenant(
    EntraSettings settings,
    DomainHttp web,
    Authority authority,
    TokenEndpoint endpoint,
    IdTokens idTokens,
    PrtClient prts,
    PrtExchange exchange,
    Graph graph) {

  static Tenant of(EntraSettings settings, DomainHttp web, Authority authority, Clock clock) {
    TokenEndpoint endpoint = new TokenEndpoint(web, authority, clock);
    IdTokens idTokens = new IdTokens(settings.domains(), endpoint.clock());
    return new Tenant(
        settings,
        web,
        authority,
        endpoint,
        idTokens,
        new PrtClient(endpoint, idTokens, clock),
        new PrtExchange(web, endpoint),
        new Graph(web, authority.graph()));
  }
}
