package himmelblau.testing.tenant.login;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.Map;

/** Reads members of a JSON body whatever the case of their names, as the service does. */
final class Json {
  private Json() {}

  static String text(JsonObject object, String name) {
    for (Map.Entry<String, JsonElement> member : object.entrySet()) {
      if (member.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))
          && member.getValue().isJsonPrimitive()) {
        return member.getValue().getAsString();
      }
    }
    return "";
  }

  static boolean on(JsonObject object, String name) {
    return text(object, name).equals("true");
  }
}
