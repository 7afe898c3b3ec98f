package himmelblau.testing.authenticator;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The user's finger: touches at once, or only when told. Thread-safe. */
final class UserPresence {
  private static final int PATIENCE_SECONDS = 30; // as real keys

  private final Semaphore touches = new Semaphore(0);
  private volatile boolean atOnce = true;

  void atOnce(boolean on) {
    atOnce = on;
    touches.drainPermits();
  }

  void touch() {
    touches.release();
  }

  /** Waits for the touch; {@code canceled} is asked again and again. */
  void await(BooleanSupplier canceled) throws CtapError {
    try {
      for (int i = 0; i < PATIENCE_SECONDS * 20; i++) {
        if (canceled.getAsBoolean()) {
          throw new CtapError(CtapError.KEEPALIVE_CANCEL);
        }
        if (atOnce || touches.tryAcquire(50, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CtapError(CtapError.KEEPALIVE_CANCEL);
    }
    throw new CtapError(CtapError.USER_ACTION_TIMEOUT);
  }
}
