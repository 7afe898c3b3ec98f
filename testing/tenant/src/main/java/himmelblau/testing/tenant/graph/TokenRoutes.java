package himmelblau.testing.tenant.graph;

import himmelblau.testing.tenant.token.Bearer;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes routes of Graph, all of which want a token. */
final class TokenRoutes {
  private static final Set<String> AUDIENCES =
      Set.of("https://graph.microsoft.com", Resources.GRAPH);

  /** Answers with what a valid token may see. */
  @FunctionalInterface
  interface Authorized {
    Reply answer(Request request, Map<String, String> path, Bearer.Accepted token);
  }

  private final Bearer bearer;
  private final TenantClock clock;
  private final List<Route> routes = new ArrayList<>();

  TokenRoutes(Bearer bearer, TenantClock clock) {
    this.bearer = bearer;
    this.clock = clock;
  }

  void add(String method, String path, Authorized endpoint) {
    Route.Endpoint checked =
        (request, values) -> {
          Bearer.Accepted token;
          try {
            token = bearer.accept(request, AUDIENCES);
          } catch (Bearer.Rejected e) {
            return GraphErrors.of(
                    request,
                    401,
                    "InvalidAuthenticationToken",
                    String.valueOf(e.getMessage()),
                    clock)
                .with("WWW-Authenticate", "Bearer realm=\"\"");
          }
          return endpoint.answer(request, values, token);
        };
    routes.add(Route.of(method, path, checked, GraphErrors.refusals(clock)));
  }

  List<Route> all() {
    return List.copyOf(routes);
  }
}
