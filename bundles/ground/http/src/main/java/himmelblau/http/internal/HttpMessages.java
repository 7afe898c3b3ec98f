package himmelblau.http.internal;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/** Converts calls and replies to and from the messages of HttpComponents. */
final class HttpMessages {
  private HttpMessages() {}

  static ClassicHttpRequest request(HttpCall call) {
    URI uri = call.uri();
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    ClassicHttpRequest request =
        new BasicClassicHttpRequest(token(call.method()), (HttpHost) null, target);
    request.addHeader(HttpHeaders.HOST, authority(uri));
    for (Map.Entry<String, String> header : call.headers()) {
      request.addHeader(token(header.getKey()), value(header.getValue()));
    }
    byte[] body = call.body();
    if (body != null) {
      request.addHeader(HttpHeaders.CONTENT_LENGTH, body.length);
      request.setEntity(new ByteArrayEntity(body.clone(), null)); // a copy: it is wiped when sent
    } else if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      request.addHeader(HttpHeaders.CONTENT_LENGTH, 0);
    }
    return request;
  }

  static String authority(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  private static String token(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':')) {
      throw new IllegalArgumentException("Not an HTTP token");
    }
    return text;
  }

  private static String value(String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("An HTTP header must not hold control characters");
    }
    return text;
  }

  /** Reads the body, too. */
  static HttpReply reply(ClassicHttpResponse response, int max) throws IOException {
    if (!HttpVersion.HTTP_1_1.equals(response.getVersion())
        && !HttpVersion.HTTP_1_0.equals(response.getVersion())) {
      throw new ProtocolException("not an HTTP/1.1 reply");
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Header header : response.getHeaders()) {
      headers
          .computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(header.getValue());
    }
    HttpEntity entity = response.getEntity();
    return new HttpReply(
        response.getCode(), headers, entity == null ? new byte[0] : body(headers, entity, max));
  }

  private static byte[] body(Map<String, List<String>> headers, HttpEntity entity, int max)
      throws IOException {
    for (String coding : headers.getOrDefault("content-encoding", List.of())) {
      if (!coding.equalsIgnoreCase("identity")) {
        throw new ProtocolException("a content coding that was not requested");
      }
    }
    for (String length : headers.getOrDefault("content-length", List.of())) {
      if (!length.matches("[0-9]{1,18}")) {
        throw new ProtocolException("a malformed length");
      }
    }
    if (entity.getContentLength() > max) {
      throw tooLarge(max);
    }
    // Not closed: that would read the rest, however much the server likes to send.
    InputStream content = entity.getContent();
    byte[] body = content.readNBytes(max + 1);
    if (body.length > max) {
      throw tooLarge(max);
    }
    return body;
  }

  static ProtocolException tooLarge(int max) {
    return new ProtocolException("a reply larger than " + max + " bytes");
  }
}
