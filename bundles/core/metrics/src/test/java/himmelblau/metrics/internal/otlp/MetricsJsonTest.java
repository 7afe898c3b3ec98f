package himmelblau.metrics.internal.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.protobuf.util.JsonFormat;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.Metric.Distribution;
import himmelblau.api.metrics.Metric.Type;
import himmelblau.api.metrics.Metric.Value;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is sent, read by the classes that OpenTelemetry's own definitions make. */
class MetricsJsonTest {
  private static final Instant START = Instant.parse("2026-01-31T10:00:00.000000001Z");
  private static final long START_NANOS = 1_769_853_600_000_000_001L;
  private static final Instant NOW = START.plusSeconds(60);

  private static ResourceMetrics read(Metric... metrics) throws Exception {
    JsonObject body =
        new Envelope("host1", "0.1.0").metrics(new MetricsJson(START, NOW).of(List.of(metrics)));
    ExportMetricsServiceRequest.Builder read = ExportMetricsServiceRequest.newBuilder();
    JsonFormat.parser().merge(body.toString(), read); // refuses members that it does not know
    return read.getResourceMetrics(0);
  }

  private static io.opentelemetry.proto.metrics.v1.Metric first(ResourceMetrics read) {
    return read.getScopeMetrics(0).getMetrics(0);
  }

  @Test
  void theHostSaysWhoItIs() throws Exception {
    List<KeyValue> attributes = read().getResource().getAttributesList();
    assertEquals(
        List.of("host.name=host1", "service.name=himmelblaud", "service.version=0.1.0"),
        attributes.stream().map(a -> a.getKey() + "=" + a.getValue().getStringValue()).toList());
  }

  @Test
  void aCounterIsASumSinceTheStart() throws Exception {
    var metric =
        first(
            read(
                new Metric(
                    "himmelblau_sign_ins",
                    Type.COUNTER,
                    "",
                    "Sign-ins",
                    List.of(new Value(Map.of("outcome", "denied", "method", "pin"), 3)))));
    assertEquals("himmelblau_sign_ins", metric.getName());
    assertEquals("Sign-ins", metric.getDescription());
    assertEquals("1", metric.getUnit());
    assertTrue(metric.getSum().getIsMonotonic());
    assertEquals(
        AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
        metric.getSum().getAggregationTemporality());
    NumberDataPoint point = metric.getSum().getDataPoints(0);
    assertEquals(3.0, point.getAsDouble());
    assertEquals(START_NANOS, point.getStartTimeUnixNano());
    assertEquals(START_NANOS + 60_000_000_000L, point.getTimeUnixNano());
    assertEquals("method", point.getAttributes(0).getKey());
    assertEquals("denied", point.getAttributes(1).getValue().getStringValue());
  }

  @Test
  void aStateIsAGauge() throws Exception {
    var metric = first(read(Metric.gauge("himmelblau_heap_bytes", "bytes", "Heap", 1.5)));
    assertTrue(metric.hasGauge());
    assertEquals("By", metric.getUnit());
    assertEquals(1.5, metric.getGauge().getDataPoints(0).getAsDouble());
  }

  @Test
  void aHistogramKeepsItsRanges() throws Exception {
    var metric =
        first(
            read(
                new Metric(
                    "himmelblau_sign_in_seconds",
                    Type.HISTOGRAM,
                    "seconds",
                    "Time",
                    List.of(
                        new Distribution(
                            Map.of(), List.of(0.5, 1.0), List.of(2L, 0L, 1L), 5.25)))));
    assertEquals("s", metric.getUnit());
    HistogramDataPoint point = metric.getHistogram().getDataPoints(0);
    assertEquals(List.of(0.5, 1.0), point.getExplicitBoundsList());
    assertEquals(List.of(2L, 0L, 1L), point.getBucketCountsList());
    assertEquals(3, point.getCount());
    assertEquals(5.25, point.getSum());
    assertEquals(
        AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
        metric.getHistogram().getAggregationTemporality());
  }
}
