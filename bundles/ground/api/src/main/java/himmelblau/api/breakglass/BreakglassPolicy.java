package himmelblau.api.breakglass;

import himmelblau.api.account.AccountName;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether, in an outage, a cached password may stand in for a multi-factor sign-in. The
 * login bundle admits by breakglass only if a policy bundle says so; with none installed the answer
 * is no. Thread-safe.
 */
public interface BreakglassPolicy {
  /** Whether verifiers of multi-factor accounts are to be kept at all ({@code enabled}). */
  boolean keepVerifiers();

  /** Whether {@code name} may enter with its cached password now, while the cloud is away. */
  boolean active(AccountName name);

  /** Until when, if it is active. */
  Optional<Instant> until();

  /** The cloud answered again: a policy that ends on reconnect ends here. */
  void reconnected();
}
