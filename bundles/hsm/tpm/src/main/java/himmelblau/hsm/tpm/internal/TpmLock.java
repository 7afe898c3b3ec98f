package himmelblau.hsm.tpm.internal;

import himmelblau.api.hsm.KeyStoreUnavailable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Serialises access to a TPM without a resource manager, where every program sees all handles: a
 * key store and its successor, while one replaces the other, must not flush or use each other's
 * handles. They have different class loaders, so the lock is shared through the system properties
 * of the JVM. Confined to the one thread that uses the TPM.
 */
final class TpmLock {
  private static final String SHARED = "himmelblau.hsm.tpm.turn ";

  private final Semaphore all;
  private boolean ours;

  /** Not needed with a resource manager, which isolates the programs. */
  TpmLock(String tctiName) {
    all =
        RawFlush.managed(tctiName)
            ? new Semaphore(1)
            : (Semaphore)
                System.getProperties()
                    .computeIfAbsent(SHARED + tctiName, name -> new Semaphore(1, true));
  }

  /** Waits for it, unless it is ours already. */
  void take(int seconds) throws KeyStoreUnavailable {
    if (ours) {
      return;
    }
    try {
      ours = all.tryAcquire(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KeyStoreUnavailable("Interrupted while waiting for the TPM", e);
    }
    if (!ours) {
      throw new KeyStoreUnavailable(
          "Another key store of this daemon did not release the TPM within "
              + seconds
              + " seconds. Restart himmelblaud");
    }
  }

  boolean wanted() {
    return all.hasQueuedThreads();
  }

  void pass() {
    if (ours) {
      ours = false;
      all.release();
    }
  }
}
