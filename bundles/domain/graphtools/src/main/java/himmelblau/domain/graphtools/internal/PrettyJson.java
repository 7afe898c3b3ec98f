package himmelblau.domain.graphtools.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.login.ConversationClosed;

/** JSON as a command prints it. */
final class PrettyJson {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private PrettyJson() {}

  static void print(JsonElement value, AdminTerminal terminal) throws ConversationClosed {
    for (String line : PRETTY.toJson(value).split("\n")) {
      terminal.out(line);
    }
  }

  /** Those members of an object that are there. */
  static JsonObject only(JsonObject object, String... names) {
    JsonObject some = new JsonObject();
    for (String name : names) {
      JsonElement value = object.get(name);
      if (value != null) {
        some.add(name, value);
      }
    }
    return some;
  }

  /** A member that is text; empty if there is none. */
  static String text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
  }
}
