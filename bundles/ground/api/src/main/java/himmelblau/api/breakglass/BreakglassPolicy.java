package himmelblau.api.breakglass;

import himmelblau.api.account.AccountName;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether a cached password may replace a multi-factor sign-in during an outage. The login
 * bundle accepts it only if a policy allows it; without an installed policy the answer is no.
 * Thread-safe.
 */
public interface BreakglassPolicy {
  /** Whether password verifiers of multi-factor accounts are stored at all ({@code enabled}). */
  boolean keepVerifiers();

  /**
   * Whether {@code name} may sign in with the cached password now, while the directory cannot be
   * reached.
   */
  boolean active(AccountName name);

  /** When the current activation ends; empty if breakglass is not active. */
  Optional<Instant> until();

  /** Called when the directory answers again: a policy that ends on reconnect ends now. */
  void reconnected();
}
