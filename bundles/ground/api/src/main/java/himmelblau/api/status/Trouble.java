package himmelblau.api.status;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that has a problem which an administrator should see in {@code aad-tool
 * status} and the shell: a domain that cannot start, a key store that is missing. The list is asked
 * each time; empty when there is no problem.
 */
@ConsumerType
public interface Trouble {
  /** One line each: what does not work, why, what to do. */
  List<String> troubles();

  /**
   * Whether sign-ins fail because of it, or soon will: {@code aad-tool status} then reports this
   * and fails.
   */
  default boolean urgent() {
    return false;
  }
}
