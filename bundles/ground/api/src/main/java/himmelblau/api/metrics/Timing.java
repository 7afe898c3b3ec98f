package himmelblau.api.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One duration that a {@link Histogram} has just recorded: it ends now.
 *
 * @param metric name of the histogram
 * @param elapsed how long it took by the clock on the wall, also where the histogram leaves out the
 *     time in which a user thought; not negative
 * @param conversation the id that its log lines have, as {@link himmelblau.api.log.Correlation}
 *     says; empty: it belongs to none
 */
public record Timing(
    String metric, Map<String, String> labels, Duration elapsed, Optional<String> conversation) {
  public Timing {
    labels = Map.copyOf(labels);
  }
}
