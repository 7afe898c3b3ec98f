package himmelblau.testing.tenant.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the tenant was asked, in order, without what must stay secret. */
public final class RequestLog {
  private static final int KEPT = 20_000;
  private static final int LONGEST_ERROR = 32 * 1024;
  private static final Pattern CODE = Pattern.compile("AADSTS(\\d+)|\"sErrorCode\":\"(\\d+)\"");

  private final Deque<JsonObject> entries = new ArrayDeque<>();
  private long count;

  /** Records a request with what came of it; secrets are left out. */
  public void record(
      Instant time, Request request, Reply reply, Optional<Fault> fault, long millis) {
    JsonObject entry = new JsonObject();
    entry.addProperty("time", time.toString());
    entry.addProperty("method", request.method());
    entry.addProperty("host", request.host());
    entry.addProperty("path", Redaction.text(request.path()));
    entry.add("query", Redaction.fields(request.query()));
    entry.add("body", body(request));
    JsonObject headers = new JsonObject();
    for (String name : Redaction.HEADERS_SHOWN) {
      request.header(name).ifPresent(value -> headers.add(name, Redaction.value(name, value)));
    }
    entry.add("headers", headers);
    entry.addProperty("status", reply.status());
    aadsts(reply).ifPresent(code -> entry.addProperty("aadsts", code));
    fault.ifPresent(hit -> entry.addProperty("fault", hit.kind().word()));
    entry.addProperty("millis", millis);
    synchronized (this) {
      entry.addProperty("seq", ++count);
      entries.addLast(entry);
      if (entries.size() > KEPT) {
        entries.removeFirst();
      }
    }
  }

  public synchronized JsonArray all() {
    JsonArray all = new JsonArray();
    entries.forEach(all::add);
    return all;
  }

  public synchronized void clear() {
    entries.clear();
  }

  /** One line per request, for users. */
  public static String line(JsonObject entry) {
    StringBuilder line = new StringBuilder();
    line.append(entry.get("seq").getAsLong())
        .append(' ')
        .append(entry.get("time").getAsString(), 11, 19)
        .append(' ')
        .append(entry.get("method").getAsString())
        .append(' ')
        .append(entry.get("host").getAsString())
        .append(entry.get("path").getAsString())
        .append(" -> ")
        .append(entry.get("status").getAsInt());
    if (entry.has("aadsts")) {
      line.append(" AADSTS").append(entry.get("aadsts").getAsInt());
    }
    if (entry.has("fault")) {
      line.append(" fault=").append(entry.get("fault").getAsString());
    }
    for (String part : new String[] {"query", "body"}) {
      if (entry.get(part) instanceof JsonObject fields) {
        for (Map.Entry<String, JsonElement> field : fields.entrySet()) {
          String value = field.getValue().toString();
          line.append(' ').append(field.getKey()).append('=').append(value);
        }
      }
    }
    return line.toString();
  }

  private static JsonElement body(Request request) {
    if (request.body().length == 0) {
      return new JsonObject();
    }
    Optional<JsonObject> json = request.json();
    if (json.isPresent()) {
      return Redaction.object(json.get());
    }
    return Redaction.fields(request.form());
  }

  private static Optional<Integer> aadsts(Reply reply) {
    String location =
        reply.headers().stream()
            .filter(header -> header.getKey().toLowerCase(Locale.ROOT).equals("location"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("");
    // Errors are short; a page of a large directory is not worth the search.
    String body = reply.body().length > LONGEST_ERROR ? "" : reply.bodyText();
    for (String text : new String[] {location, body}) {
      Matcher matcher = CODE.matcher(text);
      while (matcher.find()) {
        String digits = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        if (!digits.equals("50058")) {
          return Optional.of(Integer.parseInt(digits));
        }
      }
    }
    return Optional.empty();
  }
}
