package himmelblau.login.internal;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Checks whether the directory can be reached, while the user is still typing, so that nobody waits
 * for a missing network. Where several directories serve this host, an outage is over when all of
 * them answer: one that never was away says nothing about the others.
 */
final class ReachabilityCheck implements AutoCloseable {
  private final FutureTask<Boolean> asked;
  private final Thread asking;

  /**
   * @param others the other directories; may contain {@code domain}
   */
  ReachabilityCheck(
      DomainProvider domain, List<DomainProvider> others, List<BreakglassPolicy> policies) {
    List<DomainProvider> rest = others.stream().filter(other -> other != domain).toList();
    asked =
        new FutureTask<>(
            () -> {
              boolean reachable = domain.reachable();
              if (reachable) {
                reconnected(rest, policies);
              }
              return reachable;
            });
    asking = Thread.ofVirtual().name("reach " + domain.domain()).start(asked);
  }

  private static void reconnected(List<DomainProvider> rest, List<BreakglassPolicy> policies) {
    if (rest.isEmpty()) {
      policies.forEach(BreakglassPolicy::reconnected);
      return;
    }
    // One that keeps no verifiers is never active, so nothing of it can end.
    List<BreakglassPolicy> usable =
        policies.stream().filter(BreakglassPolicy::keepVerifiers).toList();
    if (!usable.isEmpty()) {
      // This user does not wait for the others, and they are asked to the end.
      Thread.ofVirtual()
          .name("reach all")
          .start(
              () -> {
                if (rest.stream().allMatch(DomainProvider::reachable)) {
                  usable.forEach(BreakglassPolicy::reconnected);
                }
              });
    }
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
