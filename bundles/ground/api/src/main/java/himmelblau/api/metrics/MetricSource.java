package himmelblau.api.metrics;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that has numbers for monitoring. {@code aad-tool metrics} shows them while
 * the bundle is there. Thread-safe; asked each time, and answers at once: no network, no disk.
 */
@ConsumerType
public interface MetricSource {
  /**
   * The numbers as they are now. All are left out, and that is reported, if one of them has a name
   * that another source has, or breaks a rule of {@link Metric}.
   */
  List<Metric> metrics();
}
