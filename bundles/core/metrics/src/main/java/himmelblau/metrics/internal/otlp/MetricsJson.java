package himmelblau.metrics.internal.otlp;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.api.metrics.Metric;
import java.time.Instant;
import java.util.List;

/**
 * Metrics as {@code Metric} of opentelemetry/proto/metrics/v1/metrics.proto. All counts are those
 * since the start ({@code AGGREGATION_TEMPORALITY_CUMULATIVE}).
 */
final class MetricsJson {
  private static final int CUMULATIVE = 2;

  private final String start;
  private final String now;

  /**
   * @param start since when counters count
   */
  MetricsJson(Instant start, Instant now) {
    this.start = UnixNanos.of(start);
    this.now = UnixNanos.of(now);
  }

  JsonArray of(List<Metric> metrics) {
    JsonArray list = new JsonArray();
    metrics.stream().map(this::of).forEach(list::add);
    return list;
  }

  private JsonObject of(Metric metric) {
    JsonObject json = new JsonObject();
    json.addProperty("name", metric.name());
    json.addProperty("description", metric.help());
    json.addProperty("unit", unit(metric.unit()));
    JsonObject data = new JsonObject();
    JsonArray points = new JsonArray();
    metric.samples().stream().map(this::point).forEach(points::add);
    data.add("dataPoints", points);
    switch (metric.type()) {
      case GAUGE -> json.add("gauge", data);
      case COUNTER -> {
        data.addProperty("aggregationTemporality", CUMULATIVE);
        data.addProperty("isMonotonic", true);
        json.add("sum", data);
      }
      case HISTOGRAM -> {
        data.addProperty("aggregationTemporality", CUMULATIVE);
        json.add("histogram", data);
      }
    }
    return json;
  }

  /** As UCUM has it. */
  private static String unit(String unit) {
    return switch (unit) {
      case "seconds" -> "s";
      case "bytes" -> "By";
      case "" -> "1";
      default -> unit;
    };
  }

  private JsonObject point(Metric.Sample sample) {
    JsonObject point = new JsonObject();
    point.add("attributes", Attributes.of(sample.labels()));
    point.addProperty("startTimeUnixNano", start);
    point.addProperty("timeUnixNano", now);
    switch (sample) {
      case Metric.Value value -> point.addProperty("asDouble", value.value());
      case Metric.Distribution distribution -> add(point, distribution);
    }
    return point;
  }

  private static void add(JsonObject point, Metric.Distribution distribution) {
    JsonArray counts = new JsonArray();
    distribution.counts().stream().map(Object::toString).forEach(counts::add);
    JsonArray bounds = new JsonArray();
    distribution.bounds().forEach(bounds::add);
    long all = distribution.counts().stream().mapToLong(Long::longValue).sum();
    point.addProperty("count", Long.toString(all));
    point.addProperty("sum", distribution.sum());
    point.add("bucketCounts", counts);
    point.add("explicitBounds", bounds);
  }
}
