package himmelblau.metrics.internal.otlp;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Sign-ins as {@code Span} of opentelemetry/proto/trace/v1/trace.proto: one trace for each, whose
 * root is the sign-in. In JSON the ids are hexadecimal.
 */
final class TracesJson {
  private static final int INTERNAL = 1;
  private static final int ERROR = 2;
  private static final int TRACE_ID = 16;
  private static final int SPAN_ID = 8;

  private final RandomGenerator random;

  TracesJson(RandomGenerator random) {
    this.random = random;
  }

  JsonArray of(List<Trace> traces) {
    JsonArray spans = new JsonArray();
    for (Trace trace : traces) {
      String id = id(TRACE_ID);
      JsonObject whole = span(id, trace, trace.whole());
      spans.add(whole);
      for (Span part : trace.parts()) {
        JsonObject child = span(id, trace, part);
        child.add("parentSpanId", whole.get("spanId"));
        spans.add(child);
      }
    }
    return spans;
  }

  private JsonObject span(String trace, Trace of, Span span) {
    Map<String, String> attributes = new TreeMap<>(span.attributes());
    attributes.put("himmelblau.conversation", of.conversation());
    JsonObject json = new JsonObject();
    json.addProperty("traceId", trace);
    json.addProperty("spanId", id(SPAN_ID));
    json.addProperty("name", span.name());
    json.addProperty("kind", INTERNAL);
    json.addProperty("startTimeUnixNano", UnixNanos.of(span.end().minus(span.length())));
    json.addProperty("endTimeUnixNano", UnixNanos.of(span.end()));
    json.add("attributes", Attributes.of(attributes));
    if ("failed".equals(span.attributes().get("outcome"))) {
      JsonObject status = new JsonObject();
      status.addProperty("code", ERROR);
      json.add("status", status);
    }
    return json;
  }

  /** Ids are no secret; one of zeros only would be none. */
  private String id(int bytes) {
    byte[] id = new byte[bytes];
    random.nextBytes(id);
    id[0] |= 1;
    return HexFormat.of().formatHex(id);
  }
}
