package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The extensions of one application, by its object id. */
record SchemaExtensions(String path, List<JsonObject> there) {
  static SchemaExtensions of(GraphClient graph, String objectId) throws ToolFailed, GraphSaidNo {
    String path = "applications/" + objectId.toLowerCase(Locale.ROOT) + "/extensionProperties";
    try {
      return new SchemaExtensions(path, graph.list(path));
    } catch (GraphSaidNo e) {
      if (e.status() == 404) {
        throw new ToolFailed(
            "There is no application with the object id "
                + objectId
                + " (the member id of aad-tool application list, not appId). "
                + Advice.UNCHANGED);
      }
      throw e;
    }
  }

  /**
   * Those that are missing.
   *
   * @throws ToolFailed if one has the name, but is something else
   */
  List<PosixAttribute> missing() throws ToolFailed {
    List<PosixAttribute> missing = new ArrayList<>();
    for (PosixAttribute attribute : PosixAttribute.values()) {
      Optional<JsonObject> found =
          there.stream()
              .filter(one -> PrettyJson.text(one, "name").endsWith("_" + attribute.attribute()))
              .findFirst();
      if (found.isEmpty()) {
        missing.add(attribute);
      } else if (!attribute.definedAs(
          PrettyJson.text(found.get(), "dataType"), targets(found.get()))) {
        throw new ToolFailed(
            "The application has an extension "
                + PrettyJson.text(found.get(), "name")
                + " that is not "
                + attribute
                + ". "
                + Advice.UNCHANGED);
      }
    }
    return missing;
  }

  private static List<String> targets(JsonObject extension) {
    List<String> targets = new ArrayList<>();
    if (extension.get("targetObjects") instanceof JsonArray array) {
      array.forEach(one -> targets.add(one.getAsString()));
    }
    return targets;
  }
}
