package himmelblau.testing.tenant.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import himmelblau.testing.tenant.crypto.Jws;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is recorded, by the names that carry them and by the shape of what the
 * tenant gives out; opens JWTs so that a test can look at their claims.
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

  /** Names in lower case, letters and digits only. */
  private static final Set<String> SECRET =
      Set.of(
          "accesspass",
          "additionalauthdata",
          "otc",
          "code",
          "devicecode",
          "olddevicecode", // a session of a phone sign-in, as is psRNGCSLK
          "psrngcslk",
          "psrngcentropy", // the number that the phone asks for
          "usercode",
          "codeverifier",
          "refreshtoken",
          "previousrefreshtoken",
          "flowtoken",
          "serverchallenge", // the flow token, as /fido/get calls it
          "authorization");

  private static final List<String> SECRET_PARTS = List.of("passw", "secret", "canary", "cookie");

  /** What carries JWTs, shown without their signatures; anything else there is a secret. */
  private static final List<String> SIGNED_PARTS = List.of("token", "assertion", "credential");

  private static final String REQUEST = "request"; // or a context, at ProcessAuth

  private static final Set<String> HARMLESS =
      Set.of(
          "requestedtokenuse",
          "requestedtokentype",
          "subjecttokentype",
          "tokentype",
          "clientassertiontype",
          "credentialsjson"); // ids of passkeys

  /** Flow tokens, contexts, canaries, cookies; sessions of a phone sign-in; codes and tokens. */
  private static final Pattern GIVEN_OUT =
      Pattern.compile(
          "(?:FT|CTX|Cn)\\.[\\w-]{16}\\.[\\w-]+(?:=0:1)?"
              + "|esctx-[\\w-]{16}=[\\w-]+"
              + "|rngc-[\\w-]+"
              + "|\\b[01]\\.[\\w-]{100,}"
              + "|HAQABAAEAAAD[\\w-]+"
              + "|\\bey[\\w-]{10,}\\.[\\w.=-]+");

  private static final Pattern JWT = Pattern.compile("ey[\\w-]{10,}\\.[\\w.=-]*");
  private static final Pattern NAME = Pattern.compile("[\\w.$%:#/-]{1,64}");
  private static final int LONGEST = 400;
  private static final JsonPrimitive HIDDEN = new JsonPrimitive("***");

  private Redaction() {}

  static JsonObject fields(Map<String, String> fields) {
    JsonObject shown = new JsonObject();
    fields.forEach((name, value) -> shown.add(name(name), value(name, value)));
    return shown;
  }

  static JsonObject object(JsonObject object) {
    JsonObject shown = new JsonObject();
    for (Map.Entry<String, JsonElement> member : object.entrySet()) {
      shown.add(name(member.getKey()), element(member.getKey(), member.getValue()));
    }
    return shown;
  }

  static JsonElement value(String name, String value) {
    String key = key(name);
    if (hidden(key) || !isName(name)) {
      return HIDDEN;
    }
    boolean signed =
        key.equals(REQUEST)
            || (!HARMLESS.contains(key) && SIGNED_PARTS.stream().anyMatch(key::contains));
    if (JWT.matcher(value).matches()) {
      return opened(value);
    }
    return signed && !value.isEmpty() ? HIDDEN : new JsonPrimitive(text(value));
  }

  /** A text without what the tenant has given out, and not too long. */
  static String text(String value) {
    String shown = GIVEN_OUT.matcher(value).replaceAll("***");
    return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown;
  }

  private static JsonElement element(String name, JsonElement value) {
    if (!value.isJsonNull() && hidden(key(name))) {
      return HIDDEN;
    }
    if (value instanceof JsonArray array) {
      JsonArray shown = new JsonArray();
      array.forEach(item -> shown.add(element(name, item)));
      return shown;
    }
    if (value instanceof JsonObject object) {
      return object(object);
    }
    if (value instanceof JsonPrimitive primitive) {
      JsonElement shown = value(name, primitive.getAsString());
      boolean unchanged = shown.equals(new JsonPrimitive(primitive.getAsString()));
      return unchanged ? primitive : shown;
    }
    return value;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static boolean hidden(String key) {
    return SECRET.contains(key) || SECRET_PARTS.stream().anyMatch(key::contains);
  }

  /** Whether this may be a name; a body that is neither a form nor JSON is no name. */
  private static boolean isName(String name) {
    return NAME.matcher(name).matches() && text(name).equals(name);
  }

  private static String name(String name) {
    return isName(name) ? name : "***";
  }

  /** The claims of a JWT; what cannot be opened may be a token all the same. */
  private static JsonElement opened(String value) {
    try {
      Jws jwt = Jws.parse(value);
      JsonObject header = jwt.header().deepCopy();
      header.remove("x5c");
      JsonObject opened = new JsonObject();
      opened.add("header", object(header));
      opened.add("claims", object(jwt.claims()));
      return opened;
    } catch (IllegalArgumentException e) {
      return HIDDEN;
    }
  }
}
