package himmelblau.testing.tenant.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The values of one admin command, with complaints that name what is wrong. */
record Arguments(JsonObject values) {
  String need(String name) {
    return text(name).orElseThrow(() -> new IllegalArgumentException("'" + name + "' is missing"));
  }

  Optional<String> text(String name) {
    JsonElement value = values.get(name);
    return value == null || !value.isJsonPrimitive()
        ? Optional.empty()
        : Optional.of(value.getAsString());
  }

  boolean on(String name) {
    return text(name).map(Boolean::parseBoolean).orElse(false);
  }

  double number(String name, double otherwise) {
    try {
      return text(name).map(Double::parseDouble).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + name + "' is not a number", e);
    }
  }

  /** A list, or one text with commas. */
  List<String> list(String name) {
    List<String> list = new ArrayList<>();
    JsonElement value = values.get(name);
    if (value != null && value.isJsonArray()) {
      value.getAsJsonArray().forEach(element -> list.add(element.getAsString()));
    } else {
      text(name).filter(t -> !t.isEmpty()).ifPresent(t -> list.addAll(List.of(t.split(","))));
    }
    return list;
  }
}
