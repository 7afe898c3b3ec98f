package himmelblau.api.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts events, for a bundle that keeps it for itself and shows it as a {@link MetricSource}. At
 * most 100 combinations of labels are kept apart; further ones are counted as {@code other}.
 * Thread-safe, without locks.
 */
public final class Counter {
  private final String name;
  private final String help;
  private final LabelSets<LongAdder> cells;

  /**
   * @param name as for {@link Metric}; {@code _total} is added where it is shown
   */
  public Counter(String name, String help, String... labels) {
    this.name = name;
    this.help = help;
    this.cells = new LabelSets<>(List.of(labels), LongAdder::new);
  }

  /** Shows this combination of labels from now on, as 0 before its first event. */
  public Counter expect(String... labels) {
    cells.of(labels);
    return this;
  }

  /**
   * Counts one event.
   *
   * @param labels values in the order of the names; from a fixed set of words, never what a user or
   *     a server sent
   * @throws IllegalArgumentException if there are more or fewer than names
   */
  public void add(String... labels) {
    cells.of(labels).increment();
  }

  /** What was counted up to now. */
  public Metric metric() {
    return new Metric(
        name,
        Metric.Type.COUNTER,
        "",
        help,
        cells.samples((labels, cell) -> new Metric.Value(labels, cell.sum())));
  }
}
