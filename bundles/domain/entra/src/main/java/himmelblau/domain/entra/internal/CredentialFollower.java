package himmelblau.domain.entra.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.log.Log;
import himmelblau.api.store.StoreException;
import himmelblau.api.store.Vault;
import himmelblau.domain.entra.internal.client.AppTokens;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Follows the credential of one domain: tests it as soon as it is added or changed, so that an
 * administrator sees at once whether it works, keeps a token ready, and reports whether there is
 * one.
 */
final class CredentialFollower implements AutoCloseable {
  private static final Log LOG = Log.of(CredentialFollower.class);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration NOT_REACHED = Duration.ofSeconds(30);

  private final EntraDomain domain;
  private final AppTokens tokens;
  private final Consumer<Boolean> present;
  private final Semaphore wake = new Semaphore(1);
  private final AtomicBoolean again = new AtomicBoolean();
  private final Vault.Watch watch;
  private final Thread thread;

  /**
   * @param present notified on the thread of this class, at the start and whenever it may have
   *     changed
   */
  CredentialFollower(EntraDomain domain, AppTokens tokens, Consumer<Boolean> present) {
    this.domain = domain;
    this.tokens = tokens;
    this.present = present;
    this.watch = tokens.watch(wake::release);
    this.thread = Thread.ofVirtual().name("credential " + domain.domain()).unstarted(this::follow);
  }

  CredentialFollower start() {
    thread.start();
    return this;
  }

  /** An administrator reads the status, possibly after a repair: test again soon. */
  void tryAgain() {
    again.set(true);
    wake.release();
  }

  private void follow() {
    Duration wait = Duration.ZERO;
    try {
      while (true) {
        boolean woken = wake.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
        wait = step(woken);
      }
    } catch (InterruptedException closed) {
      // deactivated
    }
  }

  private Duration step(boolean changed) {
    try {
      boolean there = tokens.credentialPresent();
      if (changed) {
        present.accept(there);
      }
      // Without a credential nothing is asked; the next change wakes this.
      Duration wait = there ? domain.refreshToken(again.getAndSet(false)) : LONGEST;
      return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    } catch (DomainUnavailable | StoreException e) {
      LOG.debug("entra.credential_not_tried", "domain", domain.domain(), "why", e.getMessage());
      return NOT_REACHED;
    }
  }

  @Override
  public void close() {
    watch.close();
    thread.interrupt();
  }
}
