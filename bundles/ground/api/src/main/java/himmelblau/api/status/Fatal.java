package himmelblau.api.status;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that has found a reason why the daemon must not run (no configuration,
 * state of a newer version). The launcher logs the reason and ends the process with the exit code;
 * it reads only the service properties, so the service object may be any instance.
 */
@ConsumerType
public interface Fatal {
  /** Service property: what failed, why, what to do. */
  String REASON = "himmelblau.fatal.reason";

  /** Service property (Integer): exit code, 1 if absent. */
  String EXIT_CODE = "himmelblau.fatal.exit";
}
