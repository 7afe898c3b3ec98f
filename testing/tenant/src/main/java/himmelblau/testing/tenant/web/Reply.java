package himmelblau.testing.tenant.web;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One response.
 *
 * @param headers in order; names may repeat
 */
public record Reply(int status, List<Map.Entry<String, String>> headers, byte[] body) {
  public static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  public static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, List.of(Map.entry("Content-Type", contentType)), body);
  }

  public static Reply json(JsonElement body) {
    return json(200, body);
  }

  public static Reply json(int status, JsonElement body) {
    return of(status, "application/json; charset=utf-8", bytes(GSON.toJson(body)))
        .with("Cache-Control", "no-store, no-cache")
        .with("Pragma", "no-cache");
  }

  public static Reply html(int status, String body) {
    return of(status, "text/html; charset=utf-8", bytes(body))
        .with("Cache-Control", "no-store, no-cache");
  }

  public static Reply text(int status, String body) {
    return of(status, "text/plain; charset=utf-8", bytes(body));
  }

  /** A 302 that names its target in the header and in the body, as the real service does. */
  public static Reply redirect(String url) {
    String page =
        "<html><head><title>Object moved</title></head><body>\r\n<h2>Object moved to <a href=\""
            + Forms.html(url)
            + "\">here</a>.</h2>\r\n</body></html>\r\n";
    return html(302, page).with("Location", url);
  }

  public Reply with(String name, String value) {
    List<Map.Entry<String, String>> more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new Reply(status, List.copyOf(more), body);
  }

  public Reply withBody(byte[] other) {
    return new Reply(status, headers, other);
  }

  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
