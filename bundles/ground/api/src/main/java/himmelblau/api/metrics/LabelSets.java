package himmelblau.api.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * One cell for each combination of label values that occurs. Bounded: what comes after the first
 * {@value #MOST} combinations is counted together under {@value #OTHER}. Thread-safe.
 */
final class LabelSets<C> {
  static final int MOST = 100;
  static final String OTHER = "other";

  private final List<String> names;
  private final Supplier<C> fresh;
  private final Map<List<String>, C> cells = new ConcurrentHashMap<>();

  LabelSets(List<String> names, Supplier<C> fresh) {
    this.names = List.copyOf(names);
    this.fresh = fresh;
    if (names.isEmpty()) {
      cells.put(List.of(), fresh.get()); // shown as 0 from the start
    }
  }

  C of(String... values) {
    if (values.length != names.size()) {
      throw new IllegalArgumentException(
          "The labels are " + names + ", given were " + values.length);
    }
    List<String> key = List.of(values);
    C cell = cells.get(key);
    if (cell == null) {
      // Two threads at once may go past the bound by one each: it bounds memory, nothing else.
      List<String> kept = cells.size() < MOST ? key : Collections.nCopies(names.size(), OTHER);
      cell = cells.computeIfAbsent(kept, unused -> fresh.get());
    }
    return cell;
  }

  List<Metric.Sample> samples(BiFunction<Map<String, String>, C, Metric.Sample> sample) {
    List<Metric.Sample> samples = new ArrayList<>();
    cells.forEach(
        (values, cell) -> samples.add(sample.apply(named(values.toArray(String[]::new)), cell)));
    return samples;
  }

  /** Name to value. */
  Map<String, String> named(String... values) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      labels.put(names.get(i), values[i]);
    }
    return labels;
  }
}
