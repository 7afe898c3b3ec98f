package himmelblau.metrics.internal;

import himmelblau.api.metrics.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What all sources say at one moment. A source with a metric that cannot be shown is left out as a
 * whole, the others are not affected.
 *
 * @param refused one line for each source that was left out, and why
 */
public record Collection(List<Metric> metrics, List<String> refused) {
  private static final int MOST_OF_ONE = 50;

  public static Collection of(List<NamedSource> sources) {
    List<Metric> metrics = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (NamedSource named : sources.stream().sorted(NamedSource.ORDER).toList()) {
      try {
        List<Metric> own = List.copyOf(named.source().metrics());
        Optional<String> wrong = wrong(own, names);
        if (wrong.isPresent()) {
          refused.add(named.name() + ": " + wrong.get());
        } else {
          own.forEach(metric -> names.add(metric.name()));
          metrics.addAll(own);
        }
      } catch (RuntimeException | LinkageError e) {
        refused.add(named.name() + ": " + e.getClass().getSimpleName());
      }
    }
    return new Collection(List.copyOf(metrics), List.copyOf(refused));
  }

  private static Optional<String> wrong(List<Metric> own, Set<String> others) {
    if (own.size() > MOST_OF_ONE) {
      return Optional.of("more than " + MOST_OF_ONE + " metrics");
    }
    Set<String> names = new HashSet<>(others);
    for (Metric metric : own) {
      Optional<String> broken = MetricRules.broken(metric);
      if (broken.isPresent()) {
        return broken;
      }
      if (!names.add(metric.name())) {
        return Optional.of(metric.name() + ": the name is in use");
      }
    }
    return Optional.empty();
  }
}
