package himmelblau.api.breakglass;

import himmelblau.api.account.AccountName;
import java.time.Instant;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides whether a cached password may replace a multi-factor sign-in during an outage. The login
 * bundle accepts it only if a policy allows it; without an installed policy the answer is no.
 * Thread-safe.
 *
 * <p>Every policy passes the kit in {@code testing/contract/breakglass}, which demands: it is
 * inactive until something activates it; asking changes nothing; all methods answer without
 * waiting, several at once; a reconnect never activates; a policy that keeps no verifiers is never
 * active; {@link #until} is empty while the policy is not active, and never in the past.
 *
 * <p>{@link #keepVerifiers}, {@link #active} and {@link #until} are asked at any time, also by
 * {@code aad-tool status} and {@code explain}: they store and log nothing. The login bundle logs
 * who signs in by a policy.
 *
 * <p>All policies are asked, and one that allows is enough. Of several with the same {@link
 * #TRIGGER} only one is in use, which is asked: the one with the highest {@code service.ranking},
 * and of equal ones the one that was registered first ({@link himmelblau.api.plugin.PluginRank}).
 */
@ConsumerType
public interface BreakglassPolicy {
  /**
   * Service property (String or String[], optional): what activates the policy, such as the name of
   * its command. A policy that activates itself has none, and is always asked.
   */
  String TRIGGER = "himmelblau.breakglass.trigger";

  /** Whether password verifiers of multi-factor accounts are stored at all ({@code enabled}). */
  boolean keepVerifiers();

  /**
   * Whether {@code name} may sign in with the cached password now, while the directory cannot be
   * reached.
   */
  boolean active(AccountName name);

  /** Until when; empty while it is not active, or when it has no end that is known. */
  Optional<Instant> until();

  /**
   * Called when somebody signs in while the directory cannot be reached, before {@link #active} is
   * asked: a policy that ends on reconnect remembers that there was an outage.
   */
  default void disconnected() {}

  /**
   * Called when the directory answers again, where several serve the host all of them: a policy
   * that ends on reconnect ends now.
   */
  void reconnected();

  /**
   * Called when another policy is in use for the {@link #TRIGGER} of this one: what was activated
   * ends now, and is not active again when that policy is removed. Called more than once, also for
   * a policy that is not active. A policy without trigger has nothing to do.
   */
  default void superseded() {}
}
