package himmelblau.api.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One reply.
 *
 * @param headers names lower-cased
 */
public record HttpReply(int status, Map<String, List<String>> headers, byte[] body) {
  public HttpReply {
    headers = Map.copyOf(headers);
  }

  /** The first value of a header (name in lower case). */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  public boolean ok() {
    return status >= 200 && status < 300;
  }

  /** The body as UTF-8; malformed input becomes U+FFFD. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
