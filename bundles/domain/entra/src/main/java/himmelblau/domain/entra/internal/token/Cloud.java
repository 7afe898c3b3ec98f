package himmelblau.domain.entra.internal.token;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The clouds of the service, each with login hosts and a Graph of its own. A tenant is in one of
 * them; tokens of one are of no use in another, and are not sent there.
 */
public enum Cloud {
  PUBLIC(
      Set.of("login.microsoftonline.com", "login.microsoft.com", "login.windows.net"),
      "https://graph.microsoft.com"),
  US_GOVERNMENT(
      Set.of("login.microsoftonline.us"),
      "https://graph.microsoft.us",
      "https://dod-graph.microsoft.us"),
  CHINA(
      Set.of("login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
      "https://microsoftgraph.chinacloudapi.cn");

  private final String logins;
  private final String graphs;

  Cloud(Set<String> logins, String... graphs) {
    this.logins = String.join(" ", logins);
    this.graphs = String.join(" ", graphs);
  }

  /** The cloud of a login host, maybe with a port; empty for a host of none of them. */
  public static Optional<Cloud> ofLogin(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", "");
    return Arrays.stream(values())
        .filter(cloud -> List.of(cloud.logins.split(" ")).contains(name))
        .findFirst();
  }

  /** The cloud of a Graph address; empty for an address of none of them. */
  public static Optional<Cloud> ofGraph(URI address) {
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(
            cloud ->
                Arrays.stream(cloud.graphs.split(" "))
                    .anyMatch(graph -> host.equals(URI.create(graph).getHost())))
        .findFirst();
  }

  /** The Graph that most tenants of the cloud have; without a trailing slash. */
  public String graph() {
    return graphs.split(" ")[0];
  }
}
