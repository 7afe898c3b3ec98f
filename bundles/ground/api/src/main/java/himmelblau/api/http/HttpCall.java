package himmelblau.api.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param uri https only
 * @param headers in order, names may repeat
 * @param body null for none
 * @param maxBody bytes of a reply's body beyond which the call fails
 * @param monitoring whether it goes to monitoring and not to a directory: it is not counted among
 *     the requests to the directory
 */
public record HttpCall(
    String method,
    URI uri,
    List<Map.Entry<String, String>> headers,
    byte @Nullable [] body,
    int maxBody,
    boolean monitoring) {

  /** 4 MiB: more than any sign-in page or page of groups. */
  public static final int DEFAULT_MAX_BODY = 4 << 20;

  public HttpCall {
    headers = List.copyOf(headers);
  }

  /** A request to a directory. */
  public HttpCall(
      String method,
      URI uri,
      List<Map.Entry<String, String>> headers,
      byte @Nullable [] body,
      int maxBody) {
    this(method, uri, headers, body, maxBody, false);
  }

  public static HttpCall get(URI uri) {
    return new HttpCall("GET", uri, List.of(), null, DEFAULT_MAX_BODY);
  }

  public static HttpCall post(URI uri, String contentType, byte[] body) {
    return new HttpCall(
        "POST", uri, List.of(Map.entry("Content-Type", contentType)), body, DEFAULT_MAX_BODY);
  }

  /** The same with another bound on the reply's body, in bytes. */
  public HttpCall upTo(int bytes) {
    return new HttpCall(method, uri, headers, body, bytes, monitoring);
  }

  /** The same, to monitoring. */
  public HttpCall toMonitoring() {
    return new HttpCall(method, uri, headers, body, maxBody, true);
  }

  public HttpCall header(String name, String value) {
    List<Map.Entry<String, String>> more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new HttpCall(method, uri, more, body, maxBody, monitoring);
  }
}
