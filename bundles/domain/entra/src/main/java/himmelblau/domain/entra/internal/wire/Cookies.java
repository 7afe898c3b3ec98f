package himmelblau.domain.entra.internal.wire;

import himmelblau.api.http.HttpReply;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The cookies of one sign-in (RFC 6265), never shared by the daemon: old cookies make the directory
 * refuse later sign-ins, and users must not share cookies. Used by one thread.
 */
public final class Cookies {
  private static final int MOST = 64;
  private static final int LONGEST = 8192;

  private record Key(String domain, String path, String name) {}

  private record Cookie(String value, boolean hostOnly) {}

  private final Map<Key, Cookie> jar = new LinkedHashMap<>();

  /** Takes in what {@code reply} to a call of {@code uri} sets. */
  public void learn(URI uri, HttpReply reply) {
    reply.headers().getOrDefault("set-cookie", List.of()).forEach(line -> learn(uri, line));
  }

  private void learn(URI uri, String line) {
    String[] parts = line.split(";");
    int equals = parts[0].indexOf('=');
    if (equals <= 0 || line.length() > LONGEST || line.chars().anyMatch(c -> c < ' ')) {
      return;
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String domain = host;
    String path = "/";
    boolean gone = false;
    for (int i = 1; i < parts.length; i++) {
      String[] attribute = parts[i].strip().split("=", 2);
      String value = attribute.length > 1 ? attribute[1].strip() : "";
      switch (attribute[0].toLowerCase(Locale.ROOT)) {
        case "domain" -> domain = value.toLowerCase(Locale.ROOT).replaceFirst("^\\.", "");
        case "path" -> path = value.startsWith("/") ? value : "/";
        case "max-age" -> gone = value.equals("0") || value.startsWith("-");
        case "expires" -> gone = value.contains("1970") || value.contains("1601");
        default -> {}
      }
    }
    if (!host.equals(domain) && !(domain.contains(".") && host.endsWith("." + domain))) {
      return;
    }
    Key key = new Key(domain, path, parts[0].substring(0, equals).strip());
    if (gone) {
      jar.remove(key);
    } else if (jar.size() < MOST || jar.containsKey(key)) {
      jar.put(key, new Cookie(parts[0].substring(equals + 1).strip(), host.equals(domain)));
    }
  }

  /** The Cookie header for a call of {@code uri}. */
  public Optional<String> header(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    String path = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
    StringBuilder header = new StringBuilder();
    jar.forEach(
        (key, cookie) -> {
          boolean sameHost = host.equals(key.domain());
          boolean below = !cookie.hostOnly() && host.endsWith("." + key.domain());
          if ((sameHost || below) && path.startsWith(key.path())) {
            header.append(header.isEmpty() ? "" : "; ");
            header.append(key.name()).append('=').append(cookie.value());
          }
        });
    return header.isEmpty() ? Optional.empty() : Optional.of(header.toString());
  }

  public void clear() {
    jar.clear();
  }
}
