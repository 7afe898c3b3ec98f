package himmelblau.api.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.log.Correlation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class TimingsTest {
  private final Histogram histogram = new Histogram("x_timings_test_seconds", "Help", "kind");
  private final List<Timing> heard = new CopyOnWriteArrayList<>();

  private void listen(Timing timing) {
    if (timing.metric().equals("x_timings_test_seconds")) {
      heard.add(timing);
    }
  }

  @Test
  void aListenerHearsWhatAHistogramRecords() throws Exception {
    try (Timings.Listening listening = Timings.listen(this::listen)) {
      Correlation.with(
          "00c2",
          () -> {
            histogram.record(Duration.ofMillis(20), Duration.ofSeconds(3), "a");
            return "";
          });
      histogram.record(Duration.ofMillis(-20), "b");
    }
    histogram.record(Duration.ofMillis(20), "c");
    assertEquals(
        List.of(
            new Timing(
                "x_timings_test_seconds",
                Map.of("kind", "a"),
                Duration.ofSeconds(3),
                Optional.of("00c2")),
            new Timing(
                "x_timings_test_seconds", Map.of("kind", "b"), Duration.ZERO, Optional.empty())),
        heard);
  }

  @Test
  void theHistogramCountsWithoutWhatItLeavesOut() {
    histogram.record(Duration.ofMillis(20), Duration.ofSeconds(3), "a");
    Metric.Distribution counted = (Metric.Distribution) histogram.metric().samples().getFirst();
    assertEquals(0.02, counted.sum());
  }
}
