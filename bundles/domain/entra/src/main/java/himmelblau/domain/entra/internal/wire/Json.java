package himmelblau.domain.entra.internal.wire;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import himmelblau.api.domain.DomainUnavailable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A JSON object from an untrusted source: every member is type-checked when it is read, and errors
 * name the member without quoting the rest.
 */
public final class Json {
  private static final int DEPTH = 32;

  private final String what;
  private final JsonObject object;

  private Json(String what, JsonObject object) {
    this.what = what;
    this.object = object;
  }

  /**
   * Parses the object at the start of {@code text}.
   *
   * @param what names the text in messages: "The reply of the token endpoint"
   */
  public static Json parse(String text, String what) throws DomainUnavailable {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(DEPTH);
    try {
      if (JsonParser.parseReader(reader) instanceof JsonObject object) {
        return new Json(what, object);
      }
      throw malformed(what, "is not a JSON object");
    } catch (JsonParseException e) {
      throw malformed(what, "is not JSON"); // the parser's message quotes the text
    }
  }

  public static Json parse(byte[] text, String what) throws DomainUnavailable {
    return parse(new String(text, StandardCharsets.UTF_8), what);
  }

  /**
   * Reads a page of an OData collection object by object, so that a large one is never in memory as
   * a whole. Elements of other types are left out.
   *
   * @param each gets the objects of {@code value} as they are read, also those before a place that
   *     cannot be read
   * @return the link to the next page
   */
  public static Optional<String> collection(byte[] text, String what, Consumer<Json> each)
      throws DomainUnavailable {
    JsonReader reader =
        new JsonReader(
            new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(DEPTH);
    Optional<String> next = Optional.empty();
    boolean found = false;
    try {
      reader.beginObject();
      while (reader.hasNext()) {
        String name = reader.nextName();
        if (name.equals("value") && reader.peek() == JsonToken.BEGIN_ARRAY) {
          found = true;
          reader.beginArray();
          while (reader.hasNext()) {
            if (JsonParser.parseReader(reader) instanceof JsonObject entry) {
              each.accept(new Json(what + ", member value", entry));
            }
          }
          reader.endArray();
        } else if (name.equals("@odata.nextLink") && reader.peek() == JsonToken.STRING) {
          next = Optional.of(reader.nextString());
        } else {
          reader.skipValue();
        }
      }
      reader.endObject();
    } catch (IOException | IllegalStateException | JsonParseException e) {
      throw malformed(what, "is not a JSON collection"); // the parser's message quotes the text
    }
    if (!found) {
      throw malformed(what, "has no array value");
    }
    return next;
  }

  private static DomainUnavailable malformed(String what, String how) {
    return new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, what + " " + how);
  }

  public boolean has(String name) {
    JsonElement element = object.get(name);
    return element != null && !element.isJsonNull();
  }

  /** A string; empty if absent, null or of another type. */
  public Optional<String> text(String name) {
    return object.get(name) instanceof JsonPrimitive value && value.isString()
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }

  /** A string that must be there and not be empty. */
  public String require(String name) throws DomainUnavailable {
    return text(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> malformed(what, "has no " + name));
  }

  /** A whole number, also when written as a string of digits. */
  public OptionalLong number(String name) {
    if (object.get(name) instanceof JsonPrimitive value && !value.isBoolean()) {
      String digits = value.getAsString();
      if (digits.matches("-?[0-9]{1,18}")) {
        return OptionalLong.of(Long.parseLong(digits));
      }
    }
    return OptionalLong.empty();
  }

  /** A number with or without a fraction. */
  public Optional<Double> decimal(String name) {
    if (object.get(name) instanceof JsonPrimitive value && value.isNumber()) {
      double number = value.getAsDouble();
      return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    }
    return Optional.empty();
  }

  public long requireNumber(String name) throws DomainUnavailable {
    return number(name).orElseThrow(() -> malformed(what, "has no number " + name));
  }

  public Optional<Boolean> flag(String name) {
    return object.get(name) instanceof JsonPrimitive value && value.isBoolean()
        ? Optional.of(value.getAsBoolean())
        : Optional.empty();
  }

  public boolean is(String name) {
    return flag(name).orElse(false);
  }

  public Optional<Json> object(String name) {
    return object.get(name) instanceof JsonObject inner
        ? Optional.of(new Json(what + ", member " + name, inner))
        : Optional.empty();
  }

  public Json requireObject(String name) throws DomainUnavailable {
    return object(name).orElseThrow(() -> malformed(what, "has no object " + name));
  }

  /** The objects in an array; elements of other types are left out. */
  public List<Json> objects(String name) {
    List<Json> found = new ArrayList<>();
    if (object.get(name) instanceof JsonArray array) {
      for (JsonElement element : array) {
        if (element instanceof JsonObject inner) {
          found.add(new Json(what + ", member " + name, inner));
        }
      }
    }
    return found;
  }

  /** The strings in an array; elements of other types are left out. */
  public List<String> texts(String name) {
    List<String> found = new ArrayList<>();
    if (object.get(name) instanceof JsonArray array) {
      for (JsonElement element : array) {
        if (element instanceof JsonPrimitive value && value.isString()) {
          found.add(value.getAsString());
        }
      }
    }
    return found;
  }

  /** The numbers in an array; elements of other types are left out. */
  public List<Long> numbers(String name) {
    List<Long> found = new ArrayList<>();
    if (object.get(name) instanceof JsonArray array) {
      for (JsonElement element : array) {
        if (element instanceof JsonPrimitive value
            && value.isNumber()
            && value.getAsString().matches("[0-9]{1,18}")) {
          found.add(value.getAsLong());
        }
      }
    }
    return found;
  }

  /** Names of all members. */
  public List<String> names() {
    return object.entrySet().stream().map(Map.Entry::getKey).toList();
  }
}
