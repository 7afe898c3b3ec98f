package himmelblau.testing.tenant.graph;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The OData options that clients send: {@code $top}, {@code $filter}, {@code $select}, paging. */
final class Query {
  private static final int USUAL_PAGE = 100;
  private static final int LARGEST_PAGE = 999;
  private static final Pattern EQUALS = Pattern.compile("(\\w+)\\s+eq\\s+'((?:[^']|'')*)'");
  private static final Pattern STARTS =
      Pattern.compile("startswith\\(\\s*(\\w+)\\s*,\\s*'((?:[^']|'')*)'\\s*\\)");

  private Query() {}

  /** One page of a collection, with the link to the next one while there is more. */
  static Reply page(Request request, String context, List<JsonObject> all, TenantClock clock) {
    Map<String, String> options = request.query();
    int size;
    int from;
    Predicate<JsonObject> filter;
    try {
      size = Integer.parseInt(options.getOrDefault("$top", String.valueOf(USUAL_PAGE)));
      String token = options.getOrDefault("$skiptoken", "");
      from =
          token.isEmpty()
              ? 0
              : Integer.parseInt(
                  new String(Encoding.decode(token), StandardCharsets.UTF_8)
                      .replaceFirst("^from:", ""));
      filter = filter(options.getOrDefault("$filter", ""));
    } catch (IllegalArgumentException e) {
      return GraphErrors.of(
          request, 400, "Request_BadRequest", "Invalid query option: " + e.getMessage(), clock);
    }
    if (size < 1 || size > LARGEST_PAGE) {
      return GraphErrors.of(
          request,
          400,
          "Request_BadRequest",
          "Invalid page size specified: '" + size + "'. Must be between 1 and 999 inclusive.",
          clock);
    }
    List<JsonObject> found = all.stream().filter(filter).toList();
    int to = Math.min(found.size(), from + size);
    JsonArray value = new JsonArray();
    found.subList(Math.min(from, to), to).forEach(one -> value.add(select(one, request)));
    JsonObject body = new JsonObject();
    body.addProperty("@odata.context", "https://graph.microsoft.com/v1.0/$metadata#" + context);
    if (options.getOrDefault("$count", "").equals("true")) {
      body.addProperty("@odata.count", found.size());
    }
    if (to < found.size()) {
      Map<String, String> next = new LinkedHashMap<>(options);
      next.put("$skiptoken", Encoding.b64u(Encoding.utf8("from:" + to)));
      StringBuilder link = new StringBuilder(request.origin() + request.path() + "?");
      next.forEach(
          (name, text) -> link.append(name).append('=').append(Forms.encode(text)).append('&'));
      link.setLength(link.length() - 1);
      body.addProperty("@odata.nextLink", link.toString());
    }
    body.add("value", value);
    return Reply.json(body);
  }

  static JsonObject select(JsonObject object, Request request) {
    String wanted = request.query().getOrDefault("$select", "");
    if (wanted.isEmpty()) {
      return object;
    }
    Set<String> names = Set.of(wanted.toLowerCase(Locale.ROOT).split("\\s*,\\s*"));
    JsonObject selected = new JsonObject();
    for (Map.Entry<String, JsonElement> member : object.entrySet()) {
      if (member.getKey().startsWith("@")
          || names.contains(member.getKey().toLowerCase(Locale.ROOT))) {
        selected.add(member.getKey(), member.getValue());
      }
    }
    return selected;
  }

  private static Predicate<JsonObject> filter(String text) {
    if (text.isBlank()) {
      return object -> true;
    }
    Matcher equals = EQUALS.matcher(text.strip());
    Matcher starts = STARTS.matcher(text.strip());
    if (equals.matches()) {
      String value = unquote(equals.group(2));
      String name = equals.group(1);
      return object -> member(object, name).equalsIgnoreCase(value);
    }
    if (starts.matches()) {
      String value = unquote(starts.group(2)).toLowerCase(Locale.ROOT);
      String name = starts.group(1);
      return object -> member(object, name).toLowerCase(Locale.ROOT).startsWith(value);
    }
    throw new IllegalArgumentException("Unsupported or invalid query filter clause: " + text);
  }

  private static String unquote(String text) {
    return text.replace("''", "'");
  }

  private static String member(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
  }
}
