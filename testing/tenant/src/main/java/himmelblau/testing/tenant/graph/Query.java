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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The OData options that clients send: {@code $top}, {@code $filter}, {@code $select}, paging. */
final class Query {
  private static final int USUAL_PAGE = 100;
  private static final int LARGEST_PAGE = 999;
  private static final Pattern EQUALS = Pattern.compile("(\\w+)\\s+eq\\s+'((?:[^']|'')*)'");
  private static final Pattern EQUALS_NUMBER = Pattern.compile("(\\w+)\\s+eq\\s+(-?\\d{1,10})");
  private static final Pattern STARTS =
      Pattern.compile("startswith\\(\\s*(\\w+)\\s*,\\s*'((?:[^']|'')*)'\\s*\\)");

  private Query() {}

  /** Gives the elements after an id, in the order of ids. */
  @FunctionalInterface
  interface Source {
    List<JsonObject> after(Optional<UUID> id, int atMost);
  }

  /** One page of a collection, with the link to the next one while there is more. */
  static Reply page(Request request, String context, List<JsonObject> all, TenantClock clock) {
    return page(
        request,
        context,
        (id, atMost) -> {
          int from = 0;
          while (id.isPresent()
              && from < all.size()
              && !member(all.get(from), "id").equals(id.get().toString())) {
            from++;
          }
          int start = id.isPresent() ? Math.min(all.size(), from + 1) : 0;
          return all.subList(start, (int) Math.min(all.size(), (long) start + atMost));
        },
        clock);
  }

  /** One page of a collection that is too large to be looked at as a whole. */
  static Reply page(Request request, String context, Source source, TenantClock clock) {
    Map<String, String> options = request.query();
    int size;
    Optional<UUID> after;
    Predicate<JsonObject> filter;
    boolean filtered = !options.getOrDefault("$filter", "").isBlank();
    try {
      size = Integer.parseInt(options.getOrDefault("$top", String.valueOf(USUAL_PAGE)));
      String token = options.getOrDefault("$skiptoken", "");
      after =
          token.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  UUID.fromString(new String(Encoding.decode(token), StandardCharsets.UTF_8)));
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
    List<JsonObject> found =
        filtered
            ? source.after(after, Integer.MAX_VALUE).stream()
                .filter(filter)
                .limit(size + 1L)
                .toList()
            : source.after(after, size + 1);
    boolean more = found.size() > size;
    List<JsonObject> shown = more ? found.subList(0, size) : found;
    JsonObject body = new JsonObject();
    body.addProperty("@odata.context", "https://graph.microsoft.com/v1.0/$metadata#" + context);
    if (options.getOrDefault("$count", "").equals("true")) {
      body.addProperty(
          "@odata.count",
          source.after(Optional.empty(), Integer.MAX_VALUE).stream().filter(filter).count());
    }
    if (more) {
      body.addProperty("@odata.nextLink", next(request, options, member(shown.getLast(), "id")));
    }
    JsonArray value = new JsonArray();
    shown.forEach(one -> value.add(select(one, request)));
    body.add("value", value);
    return Reply.json(body);
  }

  private static String next(Request request, Map<String, String> options, String lastId) {
    Map<String, String> next = new LinkedHashMap<>(options);
    next.put("$skiptoken", Encoding.b64u(Encoding.utf8(lastId)));
    StringBuilder link = new StringBuilder(request.origin() + request.path() + "?");
    next.forEach(
        (name, text) -> link.append(name).append('=').append(Forms.encode(text)).append('&'));
    link.setLength(link.length() - 1);
    return link.toString();
  }

  /**
   * What was asked for. The stable version shows extension attributes, and whether a user is
   * enabled, to who names them only.
   */
  static JsonObject select(JsonObject object, Request request) {
    String wanted = request.query().getOrDefault("$select", "");
    if (wanted.isEmpty()) {
      if (request.path().startsWith("/v1.0/")) {
        boolean user = object.has("userPrincipalName");
        object
            .keySet()
            .removeIf(
                name -> name.startsWith("extension_") || (user && name.equals("accountEnabled")));
      }
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
    Matcher number = EQUALS_NUMBER.matcher(text.strip());
    if (number.matches()) {
      String name = number.group(1);
      return object -> member(object, name).equals(number.group(2));
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
