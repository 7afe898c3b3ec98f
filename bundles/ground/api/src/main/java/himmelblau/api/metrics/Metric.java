package himmelblau.api.metrics;

import java.util.List;
import java.util.Map;

/**
 * One metric with all its samples (OpenMetrics 1.0, section 4.5 "MetricFamily"). Nothing is checked
 * here: whoever shows it refuses what breaks a rule.
 *
 * @param name lower-case letters, digits and {@code _}, begun with a word of the bundle's own; ends
 *     with {@code _} and the unit if there is one, and never with {@code _total}, {@code _count},
 *     {@code _sum} or {@code _bucket}
 * @param unit a base unit such as {@code seconds} or {@code bytes}; empty: none
 * @param help what is counted, in one line
 * @param samples at most {@value #MOST_SAMPLES}, each with other labels. A label never has a name
 *     of a user, a UPN or an object id
 */
public record Metric(String name, Type type, String unit, String help, List<Sample> samples) {
  /** Samples of one metric that are accepted. */
  public static final int MOST_SAMPLES = 200;

  public Metric {
    samples = List.copyOf(samples);
  }

  /** A gauge with one sample and without labels. */
  public static Metric gauge(String name, String unit, String help, double value) {
    return new Metric(name, Type.GAUGE, unit, help, List.of(new Value(Map.of(), value)));
  }

  /** What its values mean. */
  public enum Type {
    /** A number of events since the process started. */
    COUNTER,
    /** A state now. */
    GAUGE,
    /** Durations or sizes, sorted into ranges. */
    HISTOGRAM
  }

  /** Values with the same labels. */
  public sealed interface Sample {
    /** Name to value, in any order. */
    Map<String, String> labels();
  }

  /** Of a counter or a gauge. */
  public record Value(Map<String, String> labels, double value) implements Sample {
    public Value {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * Of a histogram.
   *
   * @param bounds upper bounds, rising, without the infinite one
   * @param counts how many were in each range, not added up; one more than bounds
   * @param sum of all that was recorded
   */
  public record Distribution(
      Map<String, String> labels, List<Double> bounds, List<Long> counts, double sum)
      implements Sample {
    public Distribution {
      labels = Map.copyOf(labels);
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
    }
  }
}
