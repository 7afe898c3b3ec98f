package himmelblau.login.internal;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Checks whether the directory can be reached, while the user is still typing, so that nobody waits
 * for a missing network.
 */
final class ReachabilityCheck implements AutoCloseable {
  private final FutureTask<Boolean> asked;
  private final Thread asking;

  ReachabilityCheck(DomainProvider domain, List<BreakglassPolicy> policies) {
    asked =
        new FutureTask<>(
            () -> {
              boolean reachable = domain.reachable();
              if (reachable) {
                policies.forEach(BreakglassPolicy::reconnected);
              }
              return reachable;
            });
    asking = Thread.ofVirtual().name("reach " + domain.domain()).start(asked);
  }

  /** Waits for the answer, which is bounded by the provider. */
  boolean online() {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the next word to the user ends the conversation
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    asking.interrupt();
  }
}
