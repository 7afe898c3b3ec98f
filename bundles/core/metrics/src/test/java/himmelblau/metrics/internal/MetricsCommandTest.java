package himmelblau.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.metrics.Counter;
import himmelblau.api.metrics.Histogram;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import himmelblau.testing.doubles.RecordingTerminal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsCommandTest {
  private final MetricsCommand command = new MetricsCommand();
  private final RecordingTerminal terminal = new RecordingTerminal();
  private long id;

  private void source(Metric... metrics) {
    source(() -> List.of(metrics));
  }

  private void source(MetricSource source) {
    command.addSource(source, Map.of("service.id", ++id));
  }

  private String run(String... words) throws Exception {
    terminal.lines.clear();
    assertEquals(0, command.run(List.of(words), terminal));
    return terminal.text();
  }

  private static Metric gauge(Map<String, String> labels, double value) {
    return new Metric(
        "x_state", Metric.Type.GAUGE, "", "State", List.of(new Metric.Value(labels, value)));
  }

  private static void use(Counter counter, Histogram histogram) {
    counter.add("pin", "a \"b\" \\");
    histogram.record(Duration.ofMillis(700));
    histogram.record(Duration.ofMinutes(2));
  }

  @Test
  void openMetrics() throws Exception {
    Counter counter = new Counter("x_signs", "Signs", "method", "note");
    Histogram histogram = new Histogram("x_wait_seconds", "Time \"waited\"");
    use(counter, histogram);
    source(histogram.metric(), counter.metric(), Metric.gauge("x_free_bytes", "bytes", "Free", .5));
    assertEquals(
        """
        # TYPE x_free_bytes gauge
        # UNIT x_free_bytes bytes
        # HELP x_free_bytes Free
        x_free_bytes 0.5
        # TYPE x_signs counter
        # HELP x_signs Signs
        x_signs_total{method="pin",note="a \\"b\\" \\\\"} 1
        # TYPE x_wait_seconds histogram
        # UNIT x_wait_seconds seconds
        # HELP x_wait_seconds Time \\"waited\\"
        x_wait_seconds_bucket{le="0.001"} 0
        x_wait_seconds_bucket{le="0.005"} 0
        x_wait_seconds_bucket{le="0.01"} 0
        x_wait_seconds_bucket{le="0.025"} 0
        x_wait_seconds_bucket{le="0.05"} 0
        x_wait_seconds_bucket{le="0.1"} 0
        x_wait_seconds_bucket{le="0.25"} 0
        x_wait_seconds_bucket{le="0.5"} 0
        x_wait_seconds_bucket{le="1.0"} 1
        x_wait_seconds_bucket{le="2.5"} 1
        x_wait_seconds_bucket{le="5.0"} 1
        x_wait_seconds_bucket{le="10.0"} 1
        x_wait_seconds_bucket{le="30.0"} 1
        x_wait_seconds_bucket{le="60.0"} 1
        x_wait_seconds_bucket{le="+Inf"} 2
        x_wait_seconds_count 2
        x_wait_seconds_sum 120.7
        # EOF""",
        run());
  }

  @Test
  void prometheusCallsACounterAsItsSample() throws Exception {
    Counter counter = new Counter("x_signs", "Signs");
    source(counter.metric(), Metric.gauge("x_free_bytes", "bytes", "Free \"space\"", 1));
    assertEquals(
        """
        # TYPE x_free_bytes gauge
        # HELP x_free_bytes Free "space"
        x_free_bytes 1
        # TYPE x_signs_total counter
        # HELP x_signs_total Signs
        x_signs_total 0""",
        run("--prometheus"));
  }

  static Stream<Metric> broken() {
    Metric.Value value = new Metric.Value(Map.of(), 1);
    List<Double> bounds = List.of(1.0, 2.0);
    List<Metric.Sample> many =
        Stream.iterate(0, i -> i <= Metric.MOST_SAMPLES, i -> i + 1)
            .<Metric.Sample>map(i -> new Metric.Value(Map.of("n", "" + i), i))
            .toList();
    return Stream.of(
        new Metric("x", Metric.Type.GAUGE, "", "h", List.of(value)),
        new Metric("X_y", Metric.Type.GAUGE, "", "h", List.of(value)),
        new Metric("x_y\n", Metric.Type.GAUGE, "", "h", List.of(value)),
        new Metric("x_total", Metric.Type.COUNTER, "", "h", List.of(value)),
        new Metric("x_y_bucket", Metric.Type.GAUGE, "", "h", List.of(value)),
        new Metric("x_" + "y".repeat(100), Metric.Type.GAUGE, "", "h", List.of(value)),
        new Metric("x_y", Metric.Type.GAUGE, "seconds", "h", List.of(value)),
        new Metric("x_y", Metric.Type.GAUGE, "", "", List.of(value)),
        new Metric("x_y", Metric.Type.GAUGE, "", "h\n# EOF", List.of(value)),
        new Metric("x_y", Metric.Type.GAUGE, "", "h", List.of(value, value)),
        new Metric("x_y", Metric.Type.GAUGE, "", "h", many),
        new Metric("x_y", Metric.Type.COUNTER, "", "h", List.of(new Metric.Value(Map.of(), -1))),
        new Metric(
            "x_y", Metric.Type.GAUGE, "", "h", List.of(new Metric.Value(Map.of(), Double.NaN))),
        new Metric("x_y", Metric.Type.HISTOGRAM, "", "h", List.of(value)),
        gauge(Map.of("Label", "a"), 1),
        gauge(Map.of("__name", "a"), 1),
        gauge(Map.of("le", "1"), 1),
        gauge(Map.of("a", "b\nx 1"), 1),
        gauge(Map.of("a", "\u00e4"), 1),
        gauge(Map.of("a", "b".repeat(201)), 1),
        gauge(Map.of("user", "ada@example.com"), 1),
        gauge(Map.of("group", "is bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"), 1),
        histogram(bounds, List.of(1L, 2L), 1),
        histogram(bounds, List.of(1L, 2L, -1L), 1),
        histogram(List.of(2.0, 1.0), List.of(1L, 2L, 3L), 1),
        histogram(bounds, List.of(1L, 2L, 3L), -1),
        histogram(Collections.nCopies(41, 1.0), Collections.nCopies(42, 1L), 1));
  }

  private static Metric histogram(List<Double> bounds, List<Long> counts, double sum) {
    Metric.Distribution distribution = new Metric.Distribution(Map.of(), bounds, counts, sum);
    return new Metric("x_y_seconds", Metric.Type.HISTOGRAM, "seconds", "h", List.of(distribution));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aSourceWithABrokenMetricIsLeftOutAsAWhole(Metric metric) throws Exception {
    source(Metric.gauge("x_before", "", "Before", 1));
    source(Metric.gauge("x_beside", "", "Beside", 1), metric);
    source(Metric.gauge("x_after", "", "After", 1));
    String text = run();
    assertTrue(text.contains("\nx_before 1\n") && text.contains("\nx_after 1\n"), text);
    assertFalse(text.contains("x_beside"), text);
    assertTrue(text.contains("\n# EOF\n! Left out: " + getClass().getName()), text);
    assertFalse(text.contains("ada") || text.contains("bb845f7f"), "not in the report either");
  }

  @Test
  void aSourceThatFailsDoesNotAffectOthers() throws Exception {
    source(
        () -> {
          throw new IllegalStateException("secret");
        });
    source(gauge(Map.of(), 1));
    String text = run();
    assertTrue(text.contains("\nx_state 1\n# EOF\n! Left out: "), text);
    assertTrue(text.endsWith("IllegalStateException") && !text.contains("secret"), text);
  }

  @Test
  void aNameBelongsToTheSourceThatWasThereFirst() throws Exception {
    MetricSource first = () -> List.of(gauge(Map.of(), 1));
    command.addSource(() -> List.of(gauge(Map.of(), 2)), Map.of("service.id", 9L));
    command.addSource(first, Map.of("service.id", 3L));
    assertTrue(run().contains("\nx_state 1\n# EOF\n! Left out: "), terminal::text);
    command.removeSource(first);
    assertTrue(run().endsWith("\nx_state 2\n# EOF"), terminal::text);
  }

  @Test
  void aSourceWithTooManyMetricsIsLeftOut() throws Exception {
    source(
        Stream.iterate(0, i -> i < 51, i -> i + 1)
            .map(i -> Metric.gauge("x_n" + i, "", "N", i))
            .toArray(Metric[]::new));
    assertTrue(run().startsWith("# EOF\n! Left out: "), terminal::text);
  }

  @Test
  void otherWordsAreRefused() throws Exception {
    assertEquals(2, command.run(List.of("--json"), terminal));
  }

  @Test
  void theProcessAndTheStateKeepTheRules() throws Exception {
    source(new ProcessMetrics());
    source(new StateMetrics());
    String text = run();
    assertFalse(text.contains("Left out"), text);
    assertTrue(text.contains("\nhimmelblau_sign_in_available 0\n"), text);
    assertTrue(text.matches("(?s).*\nhimmelblau_process_threads [1-9]\\d*\n.*"), text);
    assertTrue(text.matches("(?s).*\nhimmelblau_process_cpu_seconds_total [0-9.]+\n.*"), text);
  }
}
