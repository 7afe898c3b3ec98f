package himmelblau.api.status;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered by a bundle that has information for administrators that is not a problem. {@code
 * aad-tool status} shows it to root. Thread-safe; the list is asked each time.
 */
@ConsumerType
public interface Notice {
  /** One line each: the information, and what makes it disappear; empty when there is none. */
  List<String> notices();
}
