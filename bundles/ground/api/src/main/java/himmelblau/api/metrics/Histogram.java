package himmelblau.api.metrics;

import himmelblau.api.log.Correlation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sorts durations into fixed ranges from a millisecond to a minute, for a bundle that keeps it for
 * itself and shows it as a {@link MetricSource}. At most 100 combinations of labels are kept apart;
 * further ones are counted as {@code other}. Thread-safe, without locks.
 */
public final class Histogram {
  /** Upper bounds in seconds. */
  static final List<Double> BOUNDS =
      List.of(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0);

  private static final double NANOS = 1e9;

  private final String name;
  private final String help;
  private final LabelSets<Cell> cells;

  private static final class Cell {
    private final List<LongAdder> counts = new ArrayList<>();
    private final LongAdder nanos = new LongAdder();

    Cell() {
      for (int i = 0; i <= BOUNDS.size(); i++) {
        counts.add(new LongAdder());
      }
    }

    void add(long length) {
      int at = 0;
      while (at < BOUNDS.size() && length / NANOS > BOUNDS.get(at)) {
        at++;
      }
      counts.get(at).increment();
      nanos.add(length);
    }
  }

  /**
   * @param name as for {@link Metric}; ends with {@code _seconds}
   */
  public Histogram(String name, String help, String... labels) {
    this.name = name;
    this.help = help;
    this.cells = new LabelSets<>(List.of(labels), Cell::new);
  }

  /**
   * Records one duration; one below zero counts as zero.
   *
   * @param labels as for {@link Counter#add}
   * @throws IllegalArgumentException if there are more or fewer than names
   */
  public void record(Duration length, String... labels) {
    record(length, length, labels);
  }

  /**
   * Records one duration, for which more time has passed.
   *
   * @param length what is counted; one below zero counts as zero
   * @param elapsed what has passed, for {@link Timings}
   * @param labels as for {@link Counter#add}
   */
  public void record(Duration length, Duration elapsed, String... labels) {
    cells.of(labels).add(Math.max(0, length.toNanos()));
    Timings.tell(
        () -> {
          Duration passed = elapsed.isNegative() ? Duration.ZERO : elapsed;
          return new Timing(name, cells.named(labels), passed, Correlation.current());
        });
  }

  /** Records the time since {@code begin}, a value of {@link System#nanoTime}. */
  public void since(long begin, String... labels) {
    record(Duration.ofNanos(System.nanoTime() - begin), labels);
  }

  /** What was recorded up to now. */
  public Metric metric() {
    return new Metric(
        name,
        Metric.Type.HISTOGRAM,
        "seconds",
        help,
        cells.samples(
            (labels, cell) ->
                new Metric.Distribution(
                    labels,
                    BOUNDS,
                    cell.counts.stream().map(LongAdder::sum).toList(),
                    cell.nanos.sum() / NANOS)));
  }
}
