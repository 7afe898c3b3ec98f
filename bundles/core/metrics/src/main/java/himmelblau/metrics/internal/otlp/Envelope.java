package himmelblau.metrics.internal.otlp;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;

/** Who sends: the resource and the scope around metrics and spans. */
final class Envelope {
  private static final String SCOPE = "himmelblau";

  private final String host;
  private final String version;

  /**
   * @param host name of this host
   * @param version of himmelblaud
   */
  Envelope(String host, String version) {
    this.host = host;
    this.version = version;
  }

  /** The body of a request to {@code /v1/metrics}. */
  JsonObject metrics(JsonArray metrics) {
    return around("resourceMetrics", "scopeMetrics", "metrics", metrics);
  }

  /** The body of a request to {@code /v1/traces}. */
  JsonObject spans(JsonArray spans) {
    return around("resourceSpans", "scopeSpans", "spans", spans);
  }

  private JsonObject around(String outer, String inner, String name, JsonArray content) {
    JsonObject scope = new JsonObject();
    scope.addProperty("name", SCOPE);
    scope.addProperty("version", version);
    JsonObject scoped = new JsonObject();
    scoped.add("scope", scope);
    scoped.add(name, content);
    JsonObject resource = new JsonObject();
    resource.add(
        "attributes",
        Attributes.of(
            Map.of("service.name", "himmelblaud", "service.version", version, "host.name", host)));
    JsonObject one = new JsonObject();
    one.add("resource", resource);
    one.add(inner, only(scoped));
    JsonObject body = new JsonObject();
    body.add(outer, only(one));
    return body;
  }

  private static JsonArray only(JsonObject element) {
    JsonArray list = new JsonArray();
    list.add(element);
    return list;
  }
}
