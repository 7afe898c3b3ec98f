package himmelblau.testing.tenant.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import himmelblau.testing.tenant.crypto.Jws;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Takes secrets out of what is recorded, and opens JWTs so that a test can look at their claims.
 */
final class Redaction {
  static final List<String> HEADERS_SHOWN =
      List.of(
          "user-agent",
          "content-type",
          "client-request-id",
          "consistencylevel",
          "authorization",
          "x-ms-refreshtokencredential",
          "x-ms-devicecredential",
          "x-ms-sessionid");
  private static final Set<String> SECRET =
      Set.of(
          "passwd",
          "password",
          "accesspass",
          "oldpassword",
          "newpassword",
          "currentpasswd",
          "newpasswd",
          "confirmnewpasswd",
          "additionalauthdata",
          "otc",
          "client_secret",
          "refresh_token",
          "previous_refresh_token",
          "device_code",
          "code",
          "code_verifier",
          "flowtoken",
          "serverchallenge", // the flow token, as /fido/get calls it
          "canary",
          "authorization");
  private static final int LONGEST = 400;

  private Redaction() {}

  static JsonObject fields(Map<String, String> fields) {
    JsonObject shown = new JsonObject();
    fields.forEach((name, value) -> shown.add(name, value(name, value)));
    return shown;
  }

  static JsonObject object(JsonObject object) {
    JsonObject shown = new JsonObject();
    for (Map.Entry<String, JsonElement> member : object.entrySet()) {
      JsonElement value = member.getValue();
      if (value.isJsonObject()) {
        shown.add(member.getKey(), object(value.getAsJsonObject()));
      } else if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
        shown.add(member.getKey(), value(member.getKey(), value.getAsString()));
      } else {
        shown.add(member.getKey(), value);
      }
    }
    return shown;
  }

  static JsonElement value(String name, String value) {
    String key = name.toLowerCase(Locale.ROOT);
    if (SECRET.contains(key)) {
      return new JsonPrimitive("***");
    }
    if (value.startsWith("ey") && value.indexOf('.') > 0) {
      try {
        Jws jwt = Jws.parse(value);
        JsonObject opened = new JsonObject();
        JsonObject header = jwt.header().deepCopy();
        header.remove("x5c");
        opened.add("header", header);
        opened.add("claims", object(jwt.claims()));
        return opened;
      } catch (IllegalArgumentException e) {
        // shown as it is, cut
      }
    }
    return new JsonPrimitive(value.length() > LONGEST ? value.substring(0, LONGEST) + "…" : value);
  }
}
