package himmelblau.api.explain;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One step of {@code aad-tool explain}: what its bundle knows about why a user would or would not
 * be let in now. Register with the properties {@link #STEP} and {@link #ORDER}. Any bundle may
 * register steps; a step is shown while its bundle is there. Thread-safe.
 *
 * <p>Obligations: a step changes nothing that lasts. It tries no PIN and no password, begins no
 * sign-in, sends nothing to a user, writes nothing to the store, and asks the directory at most
 * what a lookup asks. It answers within some seconds and waits for nobody. Nothing secret is in its
 * answer, which administrators put into tickets. An exception that it throws is shown as {@link
 * Finding.Outcome#NO}.
 */
@ConsumerType
public interface ExplainStep {
  /** Service property (String): its name, such as {@code allow-list}: lower case and hyphens. */
  String STEP = "himmelblau.explain.step";

  /**
   * Service property (Integer): its place among the others, the lowest first. Those of the bundles
   * that belong to this project are multiples of ten from 10 to 140.
   */
  String ORDER = "himmelblau.explain.order";

  /**
   * The answer for one user.
   *
   * @return empty if this step has nothing to say about this name
   */
  Optional<Finding> explain(ExplainRequest request);
}
