package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;

/** The attributes of RFC 2307 as directory extensions (entra-hello-graph 2.4). */
enum PosixAttribute {
  UID_NUMBER("uidNumber", "Integer", false),
  GID_NUMBER("gidNumber", "Integer", true),
  HOME("unixHomeDirectory", "String", false),
  SHELL("loginShell", "String", false),
  GECOS("gecos", "String", false);

  private final String attribute;
  private final String dataType;
  private final boolean ofGroups;

  PosixAttribute(String attribute, String dataType, boolean ofGroups) {
    this.attribute = attribute;
    this.dataType = dataType;
    this.ofGroups = ofGroups;
  }

  String attribute() {
    return attribute;
  }

  private List<String> targets() {
    return ofGroups ? List.of("User", "Group") : List.of("User");
  }

  /** The property of users and groups, defined by an application. */
  String property(String clientId) {
    return "extension_" + clientId.replace("-", "").toLowerCase(Locale.ROOT) + "_" + attribute;
  }

  /** The request that defines it. */
  JsonObject definition() {
    JsonObject body = new JsonObject();
    body.addProperty("name", attribute);
    body.addProperty("dataType", dataType);
    JsonArray objects = new JsonArray();
    targets().forEach(objects::add);
    body.add("targetObjects", objects);
    return body;
  }

  /** Whether a definition that is there is the same. */
  boolean definedAs(String type, List<String> objects) {
    return dataType.equals(type) && objects.containsAll(targets());
  }

  @Override
  public String toString() {
    return attribute + " (" + dataType + ", " + String.join(" and ", targets()) + ")";
  }
}
