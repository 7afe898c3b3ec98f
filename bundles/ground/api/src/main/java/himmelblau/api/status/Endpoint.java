package himmelblau.api.status;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by the socket bundle for each socket that accepts connections now. The daemon reports
 * readiness to the service manager depending on these.
 */
@ConsumerType
public interface Endpoint {
  /**
   * Service property: {@code signin}, {@code lookup}, {@code admin}, {@code task}, {@code broker};
   * {@code helper} in the root helper.
   */
  String NAME = "himmelblau.endpoint";

  /** Where it listens. */
  String path();
}
