package himmelblau.api.status;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a plug-in while it prepares for its first request: discovery, a first connection.
 * The daemon says that it is ready a little later while there is one, so that the first requests
 * are answered in time; it never waits long, and works meanwhile.
 */
@ConsumerType
public interface Preparing {
  /** What is prepared, for the log. */
  String what();
}
