package himmelblau.socket.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A service that may be replaced, and that callers wait for. Thread-safe. */
final class AwaitedService<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private @Nullable T service;

  void set(T service) {
    lock.lock();
    try {
      this.service = service;
      came.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets {@code service}, unless another has taken its place already. */
  void clear(T service) {
    lock.lock();
    try {
      if (this.service == service) {
        this.service = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The service, if it is registered now or within {@code patience}. */
  Optional<T> get(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (service == null && left > 0) {
        left = came.awaitNanos(left);
      }
      return Optional.ofNullable(service);
    } finally {
      lock.unlock();
    }
  }
}
