package himmelblau.metrics.internal.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TracesJsonTest {
  private static final Instant END = Instant.parse("2026-01-31T10:00:05Z");

  private static Trace trace(String outcome) {
    return new Trace(
        "00c2",
        new Span("sign_in", Map.of("outcome", outcome), END, Duration.ofSeconds(5)),
        List.of(new Span("key_store", Map.of(), END.minusSeconds(1), Duration.ofSeconds(2))));
  }

  private static JsonObject body(Trace... traces) {
    return new Envelope("host1", "0.1.0").spans(new TracesJson(new Random(7)).of(List.of(traces)));
  }

  /** With their ids as text: only in OTLP's own JSON these are hexadecimal. */
  private static List<JsonObject> spans(JsonObject body) {
    List<JsonObject> spans = new ArrayList<>();
    for (JsonElement span :
        body.getAsJsonArray("resourceSpans")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("scopeSpans")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("spans")) {
      spans.add(span.getAsJsonObject());
    }
    return spans;
  }

  @Test
  void opentelemetrysOwnClassesReadIt() throws Exception {
    ExportTraceServiceRequest.Builder read = ExportTraceServiceRequest.newBuilder();
    JsonFormat.parser().merge(body(trace("failed")).toString(), read);
    var span = read.getResourceSpans(0).getScopeSpans(0).getSpans(0);
    assertEquals("sign_in", span.getName());
    assertEquals(Duration.ofSeconds(5).toNanos(), length(span));
    assertEquals(END.getEpochSecond() * 1_000_000_000L, span.getEndTimeUnixNano());
    assertEquals(Status.StatusCode.STATUS_CODE_ERROR, span.getStatus().getCode());
    assertEquals("himmelblau.conversation", span.getAttributes(0).getKey());
    assertEquals("00c2", span.getAttributes(0).getValue().getStringValue());
  }

  private static long length(io.opentelemetry.proto.trace.v1.Span span) {
    return span.getEndTimeUnixNano() - span.getStartTimeUnixNano();
  }

  @Test
  void partsAreBelowTheirSignIn() {
    List<JsonObject> spans = spans(body(trace("success"), trace("denied")));
    assertEquals(4, spans.size());
    JsonObject whole = spans.get(0);
    JsonObject part = spans.get(1);
    assertFalse(whole.has("parentSpanId"));
    assertFalse(whole.has("status"), "a refusal is no error of the host");
    assertEquals(whole.get("spanId"), part.get("parentSpanId"));
    assertEquals(whole.get("traceId"), part.get("traceId"));
    assertTrue(whole.get("traceId").getAsString().matches("[0-9a-f]{32}"));
    assertTrue(part.get("spanId").getAsString().matches("[0-9a-f]{16}"));
    assertNotEquals(whole.get("traceId"), spans.get(2).get("traceId"));
    assertFalse(spans.get(2).has("status"));
  }
}
