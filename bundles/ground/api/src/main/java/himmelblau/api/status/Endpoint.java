package himmelblau.api.status;

/**
 * Registered by the socket bundle for each socket that accepts connections now. The daemon reports
 * readiness to the service manager depending on these.
 */
public interface Endpoint {
  /**
   * Service property: {@code signin}, {@code lookup}, {@code admin}, {@code task}; {@code helper}
   * in the root helper.
   */
  String NAME = "himmelblau.endpoint";

  /** Where it listens. */
  String path();
}
