package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests to Graph with one token (entra-hello-graph 2): waits when Graph is busy, follows pages.
 * Used by one thread.
 */
final class GraphClient {
  private static final int TRIES = 6;
  private static final int MOST_PAGES = 200;
  private static final int LONGEST_TEXT = 300;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);

  /** After these Graph has not done what was asked. */
  private static final Set<Integer> NOT_DONE = Set.of(429, 503);

  private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

  /** Waits; replaced in tests. */
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  private final Http http;
  private final URI base;
  private final Secret token;
  private final Pause pause;

  /**
   * @param base address of Graph
   * @param token borrowed
   */
  GraphClient(Http http, URI base, Secret token, Pause pause) {
    this.http = http;
    this.base = URI.create(base + "/v1.0/");
    this.token = token;
    this.pause = pause;
  }

  /** One object. */
  JsonObject get(String path) throws ToolFailed, GraphSaidNo {
    return object(send("GET", base.resolve(path), Optional.empty()));
  }

  /** All objects of a collection. */
  List<JsonObject> list(String path) throws ToolFailed, GraphSaidNo {
    List<JsonObject> all = new ArrayList<>();
    URI next = base.resolve(path);
    for (int page = 0; page < MOST_PAGES; page++) {
      JsonObject body = object(send("GET", next, Optional.empty()));
      if (!(body.get("value") instanceof JsonArray value)) {
        throw unreadable();
      }
      for (JsonElement element : value) {
        if (element instanceof JsonObject object) {
          all.add(object);
        }
      }
      if (!(body.get("@odata.nextLink") instanceof JsonPrimitive link)) {
        return all;
      }
      next = sameHost(link.getAsString());
    }
    throw new ToolFailed("Microsoft Graph lists more than this command reads.", Advice.UNCHANGED);
  }

  /** The token goes to the host that it was issued for, whatever a page says. */
  private URI sameHost(String link) throws ToolFailed {
    try {
      URI next = URI.create(link);
      if ("https".equalsIgnoreCase(next.getScheme())
          && base.getAuthority().equalsIgnoreCase(next.getAuthority())) {
        return next;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new ToolFailed(
        "The next page of Microsoft Graph is on another host. " + Advice.UNCHANGED);
  }

  /** Creates an object. */
  JsonObject post(String path, JsonObject body) throws ToolFailed, GraphSaidNo {
    return object(send("POST", base.resolve(path), Optional.of(body)));
  }

  /** Changes an object. */
  void patch(String path, JsonObject body) throws ToolFailed, GraphSaidNo {
    send("PATCH", base.resolve(path), Optional.of(body));
  }

  private HttpReply send(String method, URI uri, Optional<JsonObject> body)
      throws ToolFailed, GraphSaidNo {
    Set<Integer> again = method.equals("POST") ? NOT_DONE : BUSY;
    for (int tried = 1; ; tried++) {
      HttpReply reply = once(method, uri, body);
      if (reply.ok()) {
        return reply;
      }
      if (!again.contains(reply.status())) {
        throw new GraphSaidNo(reply.status(), said(reply));
      }
      Duration wait = wait(reply, tried);
      if (tried == TRIES || wait.compareTo(LONGEST_WAIT) > 0) {
        throw new ToolFailed(
            "Microsoft Graph is busy (status "
                + reply.status()
                + ") and asks to wait "
                + Math.max(1, wait.toSeconds())
                + " s. Run the command again later; what is done already is not done twice.");
      }
      try {
        pause.of(wait);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ToolFailed("Stopped while waiting for Microsoft Graph");
      }
    }
  }

  private HttpReply once(String method, URI uri, Optional<JsonObject> body) throws ToolFailed {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("Authorization", "Bearer " + token.revealText()));
    headers.add(Map.entry("Accept", "application/json"));
    headers.add(Map.entry("ConsistencyLevel", "eventual"));
    body.ifPresent(json -> headers.add(Map.entry("Content-Type", "application/json")));
    byte[] bytes = body.map(json -> json.toString().getBytes(StandardCharsets.UTF_8)).orElse(null);
    try {
      return http.send(new HttpCall(method, uri, headers, bytes, HttpCall.DEFAULT_MAX_BODY));
    } catch (IOException e) {
      throw new ToolFailed(
          "Microsoft Graph cannot be asked now: " + e.getMessage() + ". Run the command again.");
    }
  }

  private static Duration wait(HttpReply reply, int tried) {
    return reply
        .header("retry-after")
        .map(String::strip)
        .filter(text -> text.matches("[0-9]{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElseGet(() -> Duration.ofMillis(200L << tried));
  }

  private static String said(HttpReply reply) {
    try {
      if (JsonParser.parseString(reply.text()) instanceof JsonObject body
          && body.get("error") instanceof JsonObject error
          && error.get("message") instanceof JsonPrimitive message) {
        String text = message.getAsString().replaceAll("\\p{Cntrl}", " ").strip();
        return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
      }
    } catch (JsonParseException e) {
      // the status has to do
    }
    return "status " + reply.status();
  }

  private static JsonObject object(HttpReply reply) throws ToolFailed {
    try {
      if (JsonParser.parseString(reply.text()) instanceof JsonObject object) {
        return object;
      }
    } catch (JsonParseException e) {
      // told below
    }
    throw unreadable();
  }

  private static ToolFailed unreadable() {
    return new ToolFailed("Microsoft Graph's reply cannot be read.");
  }
}
