package himmelblau.testing.tenant.graph;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Group;
import himmelblau.testing.tenant.directory.User;
import java.util.Map;
import java.util.UUID;

/** Directory objects as Graph writes them. */
final class GraphObjects {
  /** The application that the RFC 2307 extension properties belong to. */
  static final String EXTENSIONS = "extension_8a0e5d3c7b1f4e2a9c6d1f0b3e5a7c92_";

  private GraphObjects() {}

  static JsonObject user(User user) {
    JsonObject object = new JsonObject();
    object.addProperty("id", user.id().toString());
    object.addProperty("displayName", user.name());
    object.addProperty("userPrincipalName", user.upn());
    object.addProperty("mail", user.upn());
    object.addProperty("accountEnabled", user.enabled());
    object.add("givenName", JsonNull.INSTANCE);
    object.add("surname", JsonNull.INSTANCE);
    object.add("jobTitle", JsonNull.INSTANCE);
    object.add("mobilePhone", JsonNull.INSTANCE);
    object.addProperty("userType", "Member");
    object.addProperty("securityIdentifier", sid(user.id()));
    extensions(object, user.unix());
    return object;
  }

  /** A group; without the right to read it, only what it is and its id. */
  static JsonObject group(Group group, boolean readable) {
    JsonObject object = new JsonObject();
    object.addProperty("@odata.type", "#microsoft.graph." + group.type());
    object.addProperty("id", group.id().toString());
    if (!readable) {
      object.add("displayName", JsonNull.INSTANCE);
      object.add("description", JsonNull.INSTANCE);
      return object;
    }
    if (group.name().isEmpty()) {
      object.add("displayName", JsonNull.INSTANCE);
    } else {
      object.addProperty("displayName", group.name());
    }
    object.add("description", JsonNull.INSTANCE);
    if (group.type().equals("group")) {
      object.addProperty("securityEnabled", true);
      object.addProperty("mailEnabled", false);
      object.addProperty("securityIdentifier", sid(group.id()));
    }
    extensions(object, group.unix());
    return object;
  }

  static JsonObject device(Device device) {
    JsonObject object = new JsonObject();
    object.addProperty("id", device.objectId().toString());
    object.addProperty("deviceId", device.id().toString());
    object.addProperty("displayName", device.name());
    object.addProperty("accountEnabled", device.enabled());
    object.addProperty("operatingSystem", device.type());
    object.addProperty("operatingSystemVersion", device.osVersion());
    object.addProperty("trustType", device.joined() ? "AzureAd" : "Workplace");
    object.addProperty("isCompliant", true);
    object.addProperty("isManaged", false);
    object.addProperty("registrationDateTime", device.registered().toString());
    return object;
  }

  /** Numbers are written as numbers where they are numbers, as the schema says Integer. */
  private static void extensions(JsonObject object, Map<String, String> attributes) {
    attributes.forEach(
        (attribute, value) -> {
          String name = attribute.startsWith("extension_") ? attribute : EXTENSIONS + attribute;
          if (value.matches("-?\\d{1,18}")) {
            object.addProperty(name, Long.parseLong(value));
          } else {
            object.addProperty(name, value);
          }
        });
  }

  /** {@code S-1-12-1-} and the object id as four little-endian numbers. */
  static String sid(UUID id) {
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    long first = high >>> 32;
    long second = ((high & 0xffff) << 16) | ((high >>> 16) & 0xffff);
    int third = Integer.reverseBytes((int) (low >>> 32));
    int fourth = Integer.reverseBytes((int) low);
    return "S-1-12-1-"
        + first
        + "-"
        + second
        + "-"
        + Integer.toUnsignedString(third)
        + "-"
        + Integer.toUnsignedString(fourth);
  }
}
