package himmelblau.http.internal;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** HTTP/1.1 on the wire (RFC 9112). Every length that the server names is hostile. */
final class Wire {
  private static final int MAX_HEAD = 64 << 10;
  private static final int MAX_INTERIM = 8;

  private Wire() {}

  /** A reply, and whether the connection may carry another request. */
  record Received(HttpReply reply, boolean reusable) {}

  static void write(OutputStream out, HttpCall call) throws IOException {
    URI uri = call.uri();
    StringBuilder head = new StringBuilder(256);
    head.append(token(call.method())).append(' ').append(target(uri)).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(authority(uri)).append("\r\n");
    for (Map.Entry<String, String> header : call.headers()) {
      head.append(token(header.getKey())).append(": ");
      head.append(value(header.getValue())).append("\r\n");
    }
    byte[] body = call.body();
    if (body != null) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    } else if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      head.append("Content-Length: 0\r\n");
    }
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(start, start.length + (body == null ? 0 : body.length));
    if (body != null) {
      System.arraycopy(body, 0, all, start.length, body.length);
    }
    try {
      out.write(all);
      out.flush();
    } finally {
      Arrays.fill(start, (byte) 0); // both may carry tokens and passwords
      Arrays.fill(all, (byte) 0);
    }
  }

  static String authority(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  private static String target(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
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

  static Received read(InputStream in, String method, int max) throws IOException {
    Head head = head(in);
    for (int i = 0; head.status() < 200; i++) {
      if (i == MAX_INTERIM || head.status() == 101) {
        throw new ProtocolException("too many interim replies");
      }
      head = head(in);
    }
    if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
      return new Received(head.reply(new byte[0]), head.persistent());
    }
    String coding = head.first("content-encoding").orElse("identity");
    if (!coding.equalsIgnoreCase("identity")) {
      throw new ProtocolException("a content coding nobody asked for");
    }
    Optional<String> transfer = head.first("transfer-encoding");
    if (transfer.isPresent()) {
      if (!transfer.get().equalsIgnoreCase("chunked")) {
        throw new ProtocolException("an unknown transfer coding");
      }
      boolean plain = head.first("content-length").isEmpty(); // both at once: smuggling
      return new Received(head.reply(chunked(in, max)), plain && head.persistent());
    }
    Optional<String> length = head.first("content-length");
    if (length.isPresent()) {
      long size = number(length.get(), 10);
      if (size > max) {
        throw tooLarge(max);
      }
      byte[] body = in.readNBytes((int) size);
      if (body.length < size) {
        throw new EOFException("the connection ended within a reply");
      }
      return new Received(head.reply(body), head.persistent());
    }
    byte[] body = in.readNBytes(max + 1);
    if (body.length > max) {
      throw tooLarge(max);
    }
    return new Received(head.reply(body), false);
  }

  private record Head(int status, boolean modern, Map<String, List<String>> headers) {
    Optional<String> first(String name) throws ProtocolException {
      List<String> all = headers.getOrDefault(name, List.of());
      if (all.stream().distinct().count() > 1) {
        throw new ProtocolException("contradicting " + name + " headers");
      }
      return all.stream().findFirst();
    }

    boolean persistent() {
      List<String> options = headers.getOrDefault("connection", List.of());
      return modern
          && options.stream().noneMatch(o -> o.toLowerCase(Locale.ROOT).contains("close"));
    }

    HttpReply reply(byte[] body) {
      return new HttpReply(status, headers, body);
    }
  }

  private static Head head(InputStream in) throws IOException {
    int[] budget = {MAX_HEAD};
    String[] status = line(in, budget).split(" ", 3);
    if (status.length < 2
        || !(status[0].equals("HTTP/1.1") || status[0].equals("HTTP/1.0"))
        || !status[1].matches("[1-5][0-9][0-9]")) {
      throw new ProtocolException("not an HTTP/1.1 reply");
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
      int colon = line.indexOf(':');
      if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
        throw new ProtocolException("a malformed header");
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(status[1]), status[0].equals("HTTP/1.1"), headers);
  }

  private static byte[] chunked(InputStream in, int max) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int[] budget = {MAX_HEAD};
    while (true) {
      budget[0] = MAX_HEAD;
      long size = number(line(in, budget).split(";", 2)[0].strip(), 16);
      if (size > max - body.size()) {
        throw tooLarge(max);
      }
      if (size == 0) {
        break;
      }
      byte[] chunk = in.readNBytes((int) size);
      if (chunk.length < size || !line(in, budget).isEmpty()) {
        throw new EOFException("the connection ended within a reply");
      }
      body.write(chunk);
    }
    while (!line(in, budget).isEmpty()) {
      // Trailers say nothing that we need.
    }
    return body.toByteArray();
  }

  private static String line(InputStream in, int[] budget) throws IOException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("the server closed the connection without a reply");
      }
      if (--budget[0] < 0) {
        throw new ProtocolException("headers larger than " + (MAX_HEAD >> 10) + " KiB");
      }
      if (c == '\n') {
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
      line.append((char) c);
    }
  }

  private static long number(String text, int radix) throws ProtocolException {
    if (!text.matches("[0-9A-Fa-f]{1,15}")) {
      throw new ProtocolException("a malformed length");
    }
    try {
      return Long.parseLong(text, radix);
    } catch (NumberFormatException e) {
      throw new ProtocolException("a malformed length");
    }
  }

  private static ProtocolException tooLarge(int max) {
    return new ProtocolException("a reply larger than " + max + " bytes");
  }
}
