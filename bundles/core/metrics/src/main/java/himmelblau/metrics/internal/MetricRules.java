package himmelblau.metrics.internal;

import himmelblau.api.metrics.Metric;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a metric has to look like (OpenMetrics 1.0, sections 4 and 5), and what keeps the names of
 * users out of the labels.
 */
final class MetricRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)+");
  private static final Pattern RESERVED =
      Pattern.compile(".*_(total|count|sum|bucket|created|info|gcount|gsum)");
  private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  private static final Set<String> OWN_LABELS = Set.of("le", "quantile");
  private static final Pattern UNIT = Pattern.compile("[a-z]*");
  private static final Pattern TEXT = Pattern.compile("[\\x20-\\x7e]*");
  private static final Pattern OBJECT_ID =
      Pattern.compile(".*[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}.*");
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_TEXT = 200;
  private static final int MOST_BOUNDS = 40;

  private MetricRules() {}

  /** What is wrong with it, without any value of a label. */
  static Optional<String> broken(Metric metric) {
    String name = metric.name();
    if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      return Optional.of("a name is not in lower case with underscores");
    }
    return Optional.ofNullable(
            RESERVED.matcher(name).matches() ? "the end of the name is reserved" : null)
        .or(() -> unit(metric))
        .or(() -> help(metric.help()))
        .or(() -> samples(metric))
        .map(what -> name + ": " + what);
  }

  private static Optional<String> unit(Metric metric) {
    boolean good =
        UNIT.matcher(metric.unit()).matches()
            && (metric.unit().isEmpty() || metric.name().endsWith("_" + metric.unit()));
    return good ? Optional.empty() : Optional.of("the name does not end with the unit");
  }

  private static Optional<String> help(String help) {
    boolean good = !help.isBlank() && help.length() <= LONGEST_TEXT && TEXT.matcher(help).matches();
    return good ? Optional.empty() : Optional.of("the help is not one short line");
  }

  private static Optional<String> samples(Metric metric) {
    List<Metric.Sample> samples = metric.samples();
    if (samples.size() > Metric.MOST_SAMPLES) {
      return Optional.of("more than " + Metric.MOST_SAMPLES + " samples");
    }
    Set<Map<String, String>> seen = new HashSet<>();
    for (Metric.Sample sample : samples) {
      if (!seen.add(sample.labels())) {
        return Optional.of("two samples have the same labels");
      }
      Optional<String> wrong = labels(sample.labels()).or(() -> value(metric.type(), sample));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> labels(Map<String, String> labels) {
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (!LABEL.matcher(label.getKey()).matches() || OWN_LABELS.contains(label.getKey())) {
        return Optional.of("a label has no valid name");
      }
      String value = label.getValue();
      if (value.length() > LONGEST_TEXT || !TEXT.matcher(value).matches()) {
        return Optional.of("the label " + label.getKey() + " has no short plain value");
      }
      if (value.indexOf('@') >= 0 || OBJECT_ID.matcher(value).matches()) {
        return Optional.of("the label " + label.getKey() + " names an account");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> value(Metric.Type type, Metric.Sample sample) {
    boolean good =
        switch (sample) {
          case Metric.Value value ->
              type != Metric.Type.HISTOGRAM
                  && Double.isFinite(value.value())
                  && (type == Metric.Type.GAUGE || value.value() >= 0);
          case Metric.Distribution distribution ->
              type == Metric.Type.HISTOGRAM && sorted(distribution);
        };
    return good ? Optional.empty() : Optional.of("a value does not fit the type");
  }

  private static boolean sorted(Metric.Distribution distribution) {
    List<Double> bounds = distribution.bounds();
    for (int i = 0; i < bounds.size(); i++) {
      if (!Double.isFinite(bounds.get(i)) || (i > 0 && bounds.get(i) <= bounds.get(i - 1))) {
        return false;
      }
    }
    return bounds.size() <= MOST_BOUNDS
        && distribution.counts().size() == bounds.size() + 1
        && distribution.counts().stream().allMatch(count -> count >= 0)
        && Double.isFinite(distribution.sum())
        && distribution.sum() >= 0;
  }
}
