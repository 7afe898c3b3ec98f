package himmelblau.testing.tenant.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the route of a request: host first, then method and path, first registered first. */
public final class Router {
  private record Hosted(List<String> hosts, Route route) {}

  /** A route and the path values it was found with. */
  public record Match(Route route, Map<String, String> path) {}

  private final List<Hosted> routes = new ArrayList<>();

  /**
   * Registers routes for hosts; {@code *.name} stands for every host below a name, and {@code *}
   * for every host at all.
   */
  public void add(List<String> hosts, List<Route> added) {
    for (Route route : added) {
      routes.add(new Hosted(hosts, route));
    }
  }

  public Optional<Match> find(Request request) {
    List<String> segments = Route.segments(request.path());
    for (Hosted hosted : routes) {
      if (!hosted.route().method().equals(request.method())
          || hosted.hosts().stream().noneMatch(host -> hostMatches(host, request.host()))) {
        continue;
      }
      Optional<Map<String, String>> values = hosted.route().match(segments);
      if (values.isPresent()) {
        return Optional.of(new Match(hosted.route(), values.get()));
      }
    }
    return Optional.empty();
  }

  private static boolean hostMatches(String pattern, String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return pattern.equals("*")
        || pattern.equals(name)
        || (pattern.startsWith("*.") && name.endsWith(pattern.substring(1)));
  }
}
