package himmelblau.api.status;

/**
 * Registered by a plug-in for as long as it prepares for its first question: discovery, a first
 * connection. The daemon says that it is ready a little later while there is one, so that whoever
 * comes at once is answered in time; it never waits long, and works meanwhile.
 */
public interface Preparing {
  /** What is prepared, for the log. */
  String what();
}
