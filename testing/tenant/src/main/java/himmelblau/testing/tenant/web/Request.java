package himmelblau.testing.tenant.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request, read to the end.
 *
 * @param host host name without port, lower case
 * @param path decoded path as sent, always beginning with one slash
 * @param rawQuery query as sent, empty when there is none
 * @param headers by lower-case name, repeated ones joined with a comma (cookies with a semicolon)
 * @param clientCertificate the TLS client certificate, when one was shown
 */
public record Request(
    String method,
    String host,
    String path,
    String rawQuery,
    Map<String, String> headers,
    byte[] body,
    Optional<X509Certificate> clientCertificate) {

  /** Scheme, host and, when there is one, port: what absolute URLs on pages begin with. */
  public String origin() {
    return "https://" + header("host").orElse(host);
  }

  public String url() {
    return origin() + path + (rawQuery.isEmpty() ? "" : "?" + rawQuery);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  public Map<String, String> query() {
    return Forms.parse(rawQuery);
  }

  public Map<String, String> form() {
    return Forms.parse(bodyText());
  }

  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The body as a JSON object, if it is one. */
  public Optional<JsonObject> json() {
    try {
      JsonElement element = JsonParser.parseString(bodyText());
      return element.isJsonObject() ? Optional.of(element.getAsJsonObject()) : Optional.empty();
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  public Optional<String> bearer() {
    return header("authorization")
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip());
  }

  public Map<String, String> cookies() {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String part : header("cookie").orElse("").split(";")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        cookies.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    return cookies;
  }
}
