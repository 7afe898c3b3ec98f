package himmelblau.testing.tenant.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/** Damages what a response proves, and leaves the rest alone. */
final class Tampering {
  private static final Set<String> PROOFS =
      Set.of("access_token", "id_token", "session_key_jwe", "RawBody");

  private static final byte[] CONFIG = "$Config=".getBytes(StandardCharsets.UTF_8);

  private Tampering() {}

  /**
   * Breaks an answer off where that hurts: within the {@code $Config} of a page, else at two
   * thirds.
   */
  static Reply cut(Reply reply) {
    byte[] body = reply.body();
    int page = reply.bodyText().indexOf("$Config={");
    // What is before it is ASCII, so characters are bytes.
    int end = page < 0 ? body.length * 2 / 3 : page + CONFIG.length + (body.length - page) / 4;
    return reply.withBody(Arrays.copyOf(body, Math.min(end, body.length)));
  }

  static Reply badSignature(Reply reply) {
    String body = reply.bodyText();
    try {
      JsonElement json = JsonParser.parseString(body);
      if (json.isJsonObject()) {
        damage(json.getAsJsonObject());
        return reply.withBody(Reply.GSON.toJson(json).getBytes(StandardCharsets.UTF_8));
      }
    } catch (JsonParseException e) {
      // not JSON: perhaps a compact JWE
    }
    return body.startsWith("ey") && body.contains(".")
        ? reply.withBody(flip(body).getBytes(StandardCharsets.UTF_8))
        : reply;
  }

  private static void damage(JsonObject object) {
    for (String name : Set.copyOf(object.keySet())) {
      JsonElement value = object.get(name);
      if (value.isJsonObject()) {
        damage(value.getAsJsonObject());
      } else if (PROOFS.contains(name) && value.isJsonPrimitive()) {
        object.addProperty(name, flip(value.getAsString()));
      }
    }
  }

  /** Changes characters near the end of the longest segment that is not the first. */
  private static String flip(String token) {
    String[] parts = token.split("\\.", -1);
    int target = parts.length - 1;
    if (parts.length == 5) {
      target = parts[1].isEmpty() ? 3 : 1; // the ciphertext, or the wrapped key
    }
    StringBuilder part = new StringBuilder(parts[target]);
    for (int i = part.length() / 2; i < Math.min(part.length(), part.length() / 2 + 8); i++) {
      part.setCharAt(i, part.charAt(i) == 'A' ? 'B' : 'A');
    }
    parts[target] = part.toString();
    return String.join(".", parts);
  }
}
