package example.roster;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The roster server's protocol. Thread-safe. */
final class RosterClient {
  private static final int MOST_BYTES = 64 * 1024;

  private final Http http;
  private final URI server;

  RosterClient(Http http, URI server) {
    this.http = http;
    this.server = server;
  }

  String host() {
    return server.getAuthority();
  }

  /** A reply that decides something: its status, and its lines {@code name=value}. */
  record Reply(int status, Map<String, String> values) {
    String value(String name) throws DomainUnavailable {
      String value = values.get(name);
      if (value == null) {
        throw new DomainUnavailable(Kind.PROTOCOL, "The roster server's reply lacks " + name);
      }
      return value;
    }
  }

  /** A form; wiped when it was sent. */
  static final class Form {
    private final ByteArrayOutputStream bytes =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            Arrays.fill(buf, (byte) 0);
          }
        };

    Form with(String name, String value) {
      return with(name, value.getBytes(StandardCharsets.UTF_8));
    }

    Form with(String name, Secret value) {
      return value.use(secret -> with(name, secret));
    }

    private Form with(String name, byte[] value) {
      bytes.writeBytes(("&" + name + "=").getBytes(StandardCharsets.US_ASCII));
      for (byte b : value) {
        bytes.write('%');
        bytes.write(Character.forDigit((b >> 4) & 15, 16));
        bytes.write(Character.forDigit(b & 15, 16));
      }
      return this;
    }
  }

  /** Asks; every outcome that decides nothing is a {@link DomainUnavailable}. */
  Reply ask(String action, Form form) throws DomainUnavailable {
    byte[] body = form.bytes.toByteArray();
    try {
      return read(
          http.send(
              HttpCall.post(server.resolve("/" + action), "application/x-www-form-urlencoded", body)
                  .upTo(MOST_BYTES)));
    } catch (IOException e) {
      throw new DomainUnavailable(Kind.NETWORK, "The roster server cannot be reached", e);
    } finally {
      Arrays.fill(body, (byte) 0);
      try {
        form.bytes.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Reply read(HttpReply reply) throws DomainUnavailable {
    if (reply.status() == 429 || reply.status() >= 500) {
      throw new DomainUnavailable(
          Kind.TEMPORARY, "The roster server answered with status " + reply.status());
    }
    Map<String, String> values = new LinkedHashMap<>();
    reply
        .text()
        .lines()
        .forEach(
            line -> {
              int at = line.indexOf('=');
              if (at > 0) {
                values.put(line.substring(0, at), line.substring(at + 1));
              }
            });
    boolean decided = reply.ok() || reply.status() == 401 || reply.status() == 404 || reply.status() == 410;
    if (!decided) {
      throw new DomainUnavailable(
          Kind.PROTOCOL, "The roster server answered with status " + reply.status());
    }
    return new Reply(reply.status(), values);
  }
}
