package himmelblau.userdb.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The parameters of a call; null is treated as absent. */
final class CallParameters {
  private static final long HIGHEST = 0xFFFF_FFFFL;

  private final JsonObject object;

  CallParameters(JsonObject object) {
    this.object = object;
  }

  /** Refuses what the method does not know: leaving out a filter would answer another question. */
  void only(Set<String> known) throws CallRefused {
    for (Map.Entry<String, JsonElement> member : object.entrySet()) {
      if (!known.contains(member.getKey()) && !member.getValue().isJsonNull()) {
        throw CallRefused.invalid(member.getKey());
      }
    }
  }

  Optional<String> text(String name) throws CallRefused {
    JsonElement value = object.get(name);
    if (value == null || value.isJsonNull()) {
      return Optional.empty();
    }
    if (value instanceof JsonPrimitive text && text.isString()) {
      return Optional.of(text.getAsString());
    }
    throw CallRefused.invalid(name);
  }

  /** A uid or gid, unsigned 32 bits. */
  OptionalLong id(String name) throws CallRefused {
    JsonElement value = object.get(name);
    if (value == null || value.isJsonNull()) {
      return OptionalLong.empty();
    }
    if (value instanceof JsonPrimitive number && number.isNumber()) {
      String digits = number.getAsString(); // as written: 1e9 is not expanded
      if (digits.matches("[0-9]{1,10}") && Long.parseLong(digits) <= HIGHEST) {
        return OptionalLong.of(Long.parseLong(digits));
      }
    }
    throw CallRefused.invalid(name);
  }
}
