package himmelblau.http.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The proxy environment: {@code HTTPS_PROXY}, {@code ALL_PROXY}, {@code NO_PROXY}. */
final class Proxies {
  private static final int DEFAULT_PORT = 8080;

  private final Map<String, String> environment;

  Proxies(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Where to connect instead of {@code host}.
   *
   * @param authorization value of Proxy-Authorization, if the proxy's URL has a user
   */
  record Via(String host, int port, Optional<String> authorization) {}

  Optional<Via> via(String host) throws IOException {
    String url = value("HTTPS_PROXY").or(() -> value("ALL_PROXY")).orElse("");
    if (url.isEmpty() || excluded(host)) {
      return Optional.empty();
    }
    URI proxy;
    try {
      proxy = URI.create(url.contains("://") ? url : "http://" + url);
    } catch (IllegalArgumentException e) {
      throw new IOException("HTTPS_PROXY is not a URL: use http://host:port", e);
    }
    if (!"http".equalsIgnoreCase(proxy.getScheme()) || proxy.getHost() == null) {
      throw new IOException("HTTPS_PROXY names an unsupported proxy: use http://host:port");
    }
    Optional<String> authorization =
        Optional.ofNullable(proxy.getUserInfo())
            .map(user -> user.getBytes(StandardCharsets.UTF_8))
            .map(user -> "Basic " + Base64.getEncoder().encodeToString(user));
    int port = proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort();
    return Optional.of(new Via(proxy.getHost(), port, authorization));
  }

  private boolean excluded(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    for (String entry : value("NO_PROXY").orElse("").split(",")) {
      String rule = entry.strip().toLowerCase(Locale.ROOT);
      String suffix = rule.startsWith("*.") ? rule.substring(1) : rule;
      if (rule.equals("*")
          || (!suffix.isEmpty()
              && (name.equals(suffix)
                  || name.endsWith(suffix.startsWith(".") ? suffix : "." + suffix)))) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> value(String name) {
    String lower = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    String value = lower.isBlank() ? environment.getOrDefault(name, "") : lower;
    return value.isBlank() ? Optional.empty() : Optional.of(value.strip());
  }
}
