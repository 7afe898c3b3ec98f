package himmelblau.metrics.internal;

import himmelblau.api.metrics.MetricSource;
import java.util.Comparator;
import java.util.Map;

/**
 * A source that is there now.
 *
 * @param name of its class, for reports
 * @param id the number of the service: shipped bundles come before plug-ins
 */
public record NamedSource(String name, long id, MetricSource source) {
  static final Comparator<NamedSource> ORDER = Comparator.comparingLong(NamedSource::id);

  public static NamedSource of(MetricSource source, Map<String, ?> properties) {
    long id = properties.get("service.id") instanceof Long given ? given : Long.MAX_VALUE;
    return new NamedSource(source.getClass().getName(), id, source);
  }
}
