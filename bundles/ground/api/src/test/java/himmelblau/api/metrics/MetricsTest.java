package himmelblau.api.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void aCounterCountsEachCombinationOfLabels() {
    Counter counter = new Counter("x_signs", "Signs", "method", "outcome");
    assertEquals(List.of(), counter.metric().samples());
    counter.add("pin", "success");
    counter.add("pin", "success");
    counter.add("pin", "denied");
    assertEquals(
        3, counter.metric().samples().stream().mapToDouble(s -> ((Metric.Value) s).value()).sum());
    assertTrue(
        counter
            .metric()
            .samples()
            .contains(new Metric.Value(Map.of("method", "pin", "outcome", "success"), 2)));
    assertThrows(IllegalArgumentException.class, () -> counter.add("pin"));
  }

  @Test
  void withoutLabelsItIsZeroFromTheStart() {
    assertEquals(
        List.of(new Metric.Value(Map.of(), 0)), new Counter("x_signs", "Signs").metric().samples());
  }

  @Test
  void whatIsExpectedIsZeroBeforeItOccurs() {
    Counter counter = new Counter("x_signs", "Signs", "outcome").expect("success");
    assertEquals(
        List.of(new Metric.Value(Map.of("outcome", "success"), 0)), counter.metric().samples());
    counter.expect("success").add("success");
    assertEquals(
        List.of(new Metric.Value(Map.of("outcome", "success"), 1)), counter.metric().samples());
  }

  @Test
  void unknownValuesCannotFillTheMemory() {
    Counter counter = new Counter("x_signs", "Signs", "method");
    Histogram histogram = new Histogram("x_seconds", "Time", "method");
    for (int i = 0; i < 10_000; i++) {
      counter.add("made-up-" + i);
      histogram.record(Duration.ofMillis(i), "made-up-" + i);
    }
    assertEquals(101, counter.metric().samples().size());
    assertTrue(
        counter.metric().samples().contains(new Metric.Value(Map.of("method", "other"), 9_900)));
    assertEquals(101, histogram.metric().samples().size());
    assertTrue(101 <= Metric.MOST_SAMPLES);
  }

  @Test
  void aHistogramSortsDurations() {
    Histogram histogram = new Histogram("x_seconds", "Time");
    for (long millis : new long[] {-5, 1, 2, 100, 101, 60_000, 61_000}) {
      histogram.record(Duration.ofMillis(millis));
    }
    Metric.Distribution sample = (Metric.Distribution) histogram.metric().samples().getFirst();
    assertEquals(
        List.of(2L, 1L, 0L, 0L, 0L, 1L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L), sample.counts());
    assertEquals(121.204, sample.sum(), 1e-9);
  }

  @Test
  void nothingIsLostBetweenThreads() throws Exception {
    Counter counter = new Counter("x_signs", "Signs", "method");
    Histogram histogram = new Histogram("x_seconds", "Time");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < 10_000; n++) {
                      counter.add("pin");
                      histogram.record(Duration.ofMillis(3));
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(
        List.of(new Metric.Value(Map.of("method", "pin"), 80_000)), counter.metric().samples());
    Metric.Distribution all = (Metric.Distribution) histogram.metric().samples().getFirst();
    assertEquals(80_000, all.counts().get(1));
    assertEquals(80_000 - Collections.max(all.counts()), 0);
  }
}
