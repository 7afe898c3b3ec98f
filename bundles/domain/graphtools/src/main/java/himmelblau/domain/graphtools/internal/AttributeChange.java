package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sets attributes of one object of the directory, those that differ only.
 *
 * @param collection {@code users} or {@code groups}
 * @param named the member that names an object to people
 * @param key what the object is asked for by
 * @param unique the attribute that no other object of the collection may have
 * @param clientId the application that defines the attributes
 */
record AttributeChange(
    String collection,
    String named,
    String key,
    PosixAttribute unique,
    String clientId,
    Map<PosixAttribute, JsonPrimitive> values,
    boolean dryRun) {
  private static final Log LOG = Log.of(AttributeChange.class);

  void apply(GraphClient graph, AdminTerminal terminal)
      throws ToolFailed, GraphSaidNo, ConversationClosed {
    JsonObject object = object(graph);
    String id = PrettyJson.text(object, "id");
    JsonObject changes = new JsonObject();
    Map<String, String> shown = new TreeMap<>();
    values.forEach(
        (attribute, value) -> {
          JsonElement before = object.get(attribute.property(clientId));
          if (!same(before, value)) {
            changes.add(attribute.property(clientId), value);
            String was = before == null || before.isJsonNull() ? "unset" : before.getAsString();
            shown.put(attribute.attribute(), was + " -> " + value.getAsString());
          }
        });
    if (changes.isEmpty()) {
      terminal.err("Nothing to change: " + name(object) + " has these attributes already.");
      return;
    }
    refuseTaken(graph, id);
    if (dryRun) {
      terminal.out("Would change " + name(object) + " (" + id + "):");
      for (Map.Entry<String, String> change : shown.entrySet()) {
        terminal.out("  " + change.getKey() + ": " + change.getValue());
      }
      return;
    }
    try {
      graph.patch(collection + "/" + id, changes);
    } catch (GraphSaidNo e) {
      throw unknownAttribute(e);
    }
    LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
        .info("graphtools.changed", "object", id, "what", String.join(",", shown.keySet()));
  }

  private JsonObject object(GraphClient graph) throws ToolFailed, GraphSaidNo {
    List<String> wanted = new ArrayList<>(List.of("id", named));
    values.keySet().forEach(attribute -> wanted.add(attribute.property(clientId)));
    try {
      return graph.get(collection + "/" + encoded(key) + "?$select=" + String.join(",", wanted));
    } catch (GraphSaidNo e) {
      if (e.status() == 404) {
        throw new ToolFailed(
            "The directory has no " + kind() + " " + key + ". " + Advice.UNCHANGED);
      }
      throw unknownAttribute(e);
    }
  }

  /** Two objects with one id are one for the file system of every host. */
  private void refuseTaken(GraphClient graph, String id) throws ToolFailed, GraphSaidNo {
    JsonPrimitive value = values.get(unique);
    if (value == null) {
      return;
    }
    String filter = unique.property(clientId) + " eq " + value.getAsString();
    List<JsonObject> holders =
        graph.list(collection + "?$select=id," + named + "&$top=10&$filter=" + encoded(filter));
    List<String> others =
        holders.stream()
            .filter(holder -> !PrettyJson.text(holder, "id").equalsIgnoreCase(id))
            .map(this::name)
            .toList();
    if (!others.isEmpty()) {
      throw new ToolFailed(
          "The "
              + unique.attribute()
              + " "
              + value.getAsString()
              + " belongs to "
              + String.join(", ", others)
              + ". "
              + Advice.UNCHANGED);
    }
  }

  private GraphSaidNo unknownAttribute(GraphSaidNo e) throws ToolFailed {
    if (e.status() == 400) {
      throw new ToolFailed(
          "Microsoft Graph refused: " + e.text(),
          "Attributes are defined with aad-tool application add-schema-extensions; --schema-client-id"
              + " is the appId of that application. "
              + Advice.UNCHANGED);
    }
    return e;
  }

  private String kind() {
    return collection.substring(0, collection.length() - 1);
  }

  private String name(JsonObject object) {
    String name = PrettyJson.text(object, named);
    return kind() + " " + (name.isEmpty() ? PrettyJson.text(object, "id") : name);
  }

  /** A number may come as text (entra-hello-graph 2.4). */
  private static boolean same(@Nullable JsonElement before, JsonPrimitive value) {
    return before instanceof JsonPrimitive there && there.getAsString().equals(value.getAsString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
