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
 */
@ConsumerType
public interface BreakglassPolicy {
  /** Whether password verifiers of multi-factor accounts are stored at all ({@code enabled}). */
  boolean keepVerifiers();

  /**
   * Whether {@code name} may sign in with the cached password now, while the directory cannot be
   * reached.
   */
  boolean active(AccountName name);

  /** Until when; empty while it is not active, or when it has no end that is known. */
  Optional<Instant> until();

  /** Called when the directory answers again: a policy that ends on reconnect ends now. */
  void reconnected();
}
