package himmelblau.api.status;

/**
 * Registered by the socket bundle for each socket that accepts connections now. What must be up
 * before the host is told that we are ready depends on these.
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
