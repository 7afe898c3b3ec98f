package himmelblau.notify.internal;

import java.time.Duration;

/** Whether a domain is registered and no domain is still preparing. Thread-safe. */
final class DomainPreparation {
  private boolean domain;
  private int preparing;

  synchronized void domainAdded() {
    domain = true;
    notifyAll();
  }

  synchronized void begun() {
    preparing++;
  }

  synchronized void done() {
    preparing--;
    notifyAll();
  }

  /**
   * Waits until all is prepared, at most so long.
   *
   * @return whether it is
   */
  synchronized boolean await(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!domain || preparing > 0) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
