package himmelblau.testing.tenant.graph;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Extension;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Changes of extension attributes, checked against what applications have defined. */
record ExtensionWrites(Directory directory) {
  private static final int LONGEST = 256;

  /** What Graph says to a change that it does not make. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String text) {
      super(text, null, false, false);
    }
  }

  /**
   * Attributes with the changes in {@code body}; null deletes one.
   *
   * @param target {@code User} or {@code Group}
   * @throws Wrong naming what is not an extension, or not of its type
   */
  Map<String, String> changed(
      UUID tenant, String target, Map<String, String> before, JsonObject body) throws Wrong {
    Map<String, String> after = new HashMap<>(before);
    for (Map.Entry<String, JsonElement> member : body.entrySet()) {
      String property = member.getKey();
      Extension extension =
          find(tenant, property)
              .filter(found -> found.targets().contains(target))
              .orElseThrow(
                  () ->
                      new Wrong(
                          property.startsWith("extension_")
                              ? "The following extension properties are not available in"
                                  + " application or tenant: "
                                  + property
                                  + "."
                              : "Property " + property + " cannot be changed here."));
      String name =
          property.startsWith(GraphObjects.EXTENSIONS)
              ? property.substring(GraphObjects.EXTENSIONS.length())
              : property;
      if (member.getValue().isJsonNull()) {
        after.remove(name);
      } else {
        after.put(name, value(property, extension, member.getValue()));
      }
    }
    return after;
  }

  private static String value(String property, Extension extension, JsonElement value)
      throws Wrong {
    if (value instanceof JsonPrimitive primitive) {
      if (extension.dataType().equals("Integer") && primitive.isNumber()) {
        BigDecimal number = primitive.getAsBigDecimal();
        if (number.stripTrailingZeros().scale() <= 0
            && number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
          return number.toBigInteger().toString();
        }
      }
      if (extension.dataType().equals("String")
          && primitive.isString()
          && primitive.getAsString().length() <= LONGEST) {
        return primitive.getAsString();
      }
    }
    throw new Wrong("Invalid value specified for property '" + property + "' of resource.");
  }

  private Optional<Extension> find(UUID tenant, String property) {
    if (property.startsWith(GraphObjects.EXTENSIONS)) {
      return builtIn(property.substring(GraphObjects.EXTENSIONS.length()));
    }
    for (App app : directory.apps(tenant)) {
      for (Extension extension : app.registration().extensions()) {
        if (extension.property(app.clientId()).equalsIgnoreCase(property)) {
          return Optional.of(extension);
        }
      }
    }
    return Optional.empty();
  }

  /** Those of the application whose attributes a seed file and {@code ctl} set. */
  private static Optional<Extension> builtIn(String name) {
    return switch (name) {
      case "uidNumber" -> of(name, "Integer", "User");
      case "gidNumber" -> of(name, "Integer", "User", "Group");
      case "unixHomeDirectory", "loginShell", "gecos" -> of(name, "String", "User");
      default -> Optional.empty();
    };
  }

  private static Optional<Extension> of(String name, String type, String... targets) {
    return Optional.of(new Extension(new UUID(0, 0), name, type, List.of(targets)));
  }
}
