package himmelblau.userdb.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One Varlink call.
 *
 * @param method with its interface
 * @param more several replies are welcome
 * @param oneway no reply is wanted
 */
record VarlinkCall(String method, CallParameters parameters, boolean more, boolean oneway) {
  private static final int DEPTH = 16;

  /** Reads one message, without its closing NUL. */
  static VarlinkCall parse(byte[] message) throws MalformedCall {
    JsonObject object = object(message);
    if (!(object.get("method") instanceof JsonPrimitive method && method.isString())) {
      throw new MalformedCall("A call without a method");
    }
    JsonElement parameters = object.get("parameters");
    if (parameters == null || parameters.isJsonNull()) {
      parameters = new JsonObject();
    }
    if (!(parameters instanceof JsonObject given)) {
      throw new MalformedCall("Parameters that are no object");
    }
    if (flag(object, "upgrade")) {
      throw new MalformedCall("A call that requests another protocol");
    }
    return new VarlinkCall(
        method.getAsString(),
        new CallParameters(given),
        flag(object, "more"),
        flag(object, "oneway"));
  }

  private static JsonObject object(byte[] message) throws MalformedCall {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(DEPTH);
      JsonElement element = JsonParser.parseReader(reader);
      if (reader.peek() == JsonToken.END_DOCUMENT && element instanceof JsonObject object) {
        return object;
      }
      throw new MalformedCall("A message that is not one JSON object");
    } catch (CharacterCodingException e) {
      throw new MalformedCall("A message that is not UTF-8");
    } catch (JsonParseException | IOException e) {
      throw e instanceof MalformedCall known
          ? known
          : new MalformedCall("A message that is not JSON");
    }
  }

  private static boolean flag(JsonObject object, String name) throws MalformedCall {
    JsonElement value = object.get(name);
    if (value == null || value.isJsonNull()) {
      return false;
    }
    if (value instanceof JsonPrimitive flag && flag.isBoolean()) {
      return flag.getAsBoolean();
    }
    throw new MalformedCall("A flag must be true or false");
  }
}
