package himmelblau.login.internal.offline;

import himmelblau.api.breakglass.BreakglassPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Deletes the password verifiers of multi-factor users when no breakglass policy keeps them any
 * more: what an administrator has disabled must not come back with the next activation.
 */
public final class VerifierRetention implements AutoCloseable {
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

  private final Verifiers verifiers;
  private final Supplier<List<BreakglassPolicy>> policies;
  private final Duration settled;
  private Thread waiting = Thread.ofVirtual().start(() -> {});
  private boolean closed;

  /**
   * @param policies those of now that are in use
   * @param settled how long nothing may change before something is deleted: a bundle that is
   *     updated, or starts later than this one, is absent for a moment
   */
  public VerifierRetention(
      Verifiers verifiers, Supplier<List<BreakglassPolicy>> policies, Duration settled) {
    this.verifiers = verifiers;
    this.policies = policies;
    this.settled = settled;
  }

  /**
   * Call when a policy has come, gone or changed. Does nothing once this is closed: the policies of
   * a component that was deactivated are taken away from it one after the other, and none is left.
   */
  public synchronized void changed() {
    if (closed) {
      return;
    }
    waiting.interrupt();
    waiting = Thread.ofVirtual().name("verifiers").start(this::settle);
  }

  private void settle() {
    try {
      Thread.sleep(settled);
    } catch (InterruptedException e) {
      return; // changed again, or closed
    }
    if (policies.get().stream().noneMatch(BreakglassPolicy::keepVerifiers)) {
      verifiers.forgetMultiFactor();
    }
  }

  /** Ends it, and waits a moment for that: the store may be closed next. */
  @Override
  public synchronized void close() {
    closed = true;
    waiting.interrupt();
    try {
      waiting.join(ENDS_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
