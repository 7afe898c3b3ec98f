package himmelblau.metrics.internal;

import himmelblau.api.metrics.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Metrics that keep {@link MetricRules} as text, sorted, so that two texts can be compared. */
enum Exposition {
  /** OpenMetrics 1.0, sections 4 and 5. */
  OPEN_METRICS("", "# EOF"),
  /** Prometheus' text format 0.0.4: here a counter is called as its sample. */
  PROMETHEUS("_total", "");

  private static final double LARGEST_WHOLE = 1e15;

  private final String counter;
  private final String end;

  Exposition(String counter, String end) {
    this.counter = counter;
    this.end = end;
  }

  List<String> lines(List<Metric> metrics) {
    List<String> lines = new ArrayList<>();
    metrics.stream()
        .sorted(Comparator.comparing(Metric::name))
        .forEach(metric -> add(lines, metric));
    if (!end.isEmpty()) {
      lines.add(end);
    }
    return List.copyOf(lines);
  }

  private void add(List<String> lines, Metric metric) {
    String family = metric.name() + (metric.type() == Metric.Type.COUNTER ? counter : "");
    lines.add("# TYPE " + family + " " + metric.type().name().toLowerCase(Locale.ROOT));
    if (this == OPEN_METRICS && !metric.unit().isEmpty()) {
      lines.add("# UNIT " + family + " " + metric.unit());
    }
    lines.add("# HELP " + family + " " + help(metric.help()));
    metric.samples().stream()
        .sorted(Comparator.comparing(sample -> labels(sample.labels())))
        .forEach(sample -> add(lines, metric, sample));
  }

  private static void add(List<String> lines, Metric metric, Metric.Sample sample) {
    switch (sample) {
      case Metric.Value value ->
          lines.add(
              metric.name()
                  + (metric.type() == Metric.Type.COUNTER ? "_total" : "")
                  + labels(value.labels())
                  + " "
                  + number(value.value()));
      case Metric.Distribution distribution -> add(lines, metric.name(), distribution);
    }
  }

  private static void add(List<String> lines, String name, Metric.Distribution distribution) {
    long all = 0;
    for (int i = 0; i < distribution.counts().size(); i++) {
      all += distribution.counts().get(i);
      Map<String, String> labels = new TreeMap<>(distribution.labels());
      labels.put("le", i < distribution.bounds().size() ? bound(distribution, i) : "+Inf");
      lines.add(name + "_bucket" + labels(labels) + " " + all);
    }
    lines.add(name + "_count" + labels(distribution.labels()) + " " + all);
    lines.add(name + "_sum" + labels(distribution.labels()) + " " + number(distribution.sum()));
  }

  private static String bound(Metric.Distribution distribution, int at) {
    return Double.toString(distribution.bounds().get(at));
  }

  private static String labels(Map<String, String> labels) {
    return labels.isEmpty()
        ? ""
        : new TreeMap<>(labels)
            .entrySet().stream()
                .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Only OpenMetrics has the quote among what is escaped there. */
  private String help(String text) {
    return this == OPEN_METRICS ? escaped(text) : text.replace("\\", "\\\\");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
