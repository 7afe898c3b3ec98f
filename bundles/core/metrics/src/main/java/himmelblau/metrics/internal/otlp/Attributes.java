package himmelblau.metrics.internal.otlp;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** Attributes as a list of {@code KeyValue} (opentelemetry/proto/common/v1/common.proto). */
final class Attributes {
  private Attributes() {}

  static JsonArray of(Map<String, String> attributes) {
    JsonArray list = new JsonArray();
    new TreeMap<>(attributes)
        .forEach(
            (key, text) -> {
              JsonObject value = new JsonObject();
              value.addProperty("stringValue", text);
              JsonObject pair = new JsonObject();
              pair.addProperty("key", key);
              pair.add("value", value);
              list.add(pair);
            });
    return list;
  }
}
