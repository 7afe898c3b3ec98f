package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The key stores that are installed now. Readers take an immutable snapshot. */
final class KeyStores {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Map<String, KeyStore> snapshot = Map.of();

  void add(String type, KeyStore store) {
    lock.lock();
    try {
      Map<String, KeyStore> next = new HashMap<>(snapshot);
      next.put(type, store);
      snapshot = Map.copyOf(next);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void remove(String type, KeyStore store) {
    lock.lock();
    try {
      Map<String, KeyStore> next = new HashMap<>(snapshot);
      next.remove(type, store); // its successor may be there already
      snapshot = Map.copyOf(next);
    } finally {
      lock.unlock();
    }
  }

  Optional<KeyStore> find(String type) {
    return Optional.ofNullable(snapshot.get(type));
  }

  Map<String, KeyStore> all() {
    return snapshot;
  }

  /** The same stores without one type. */
  KeyStores without(String type) {
    KeyStores rest = new KeyStores();
    snapshot.forEach(
        (other, store) -> {
          if (!other.equals(type)) {
            rest.add(other, store);
          }
        });
    return rest;
  }

  /** Waits until a store of that type is installed. */
  Optional<KeyStore> await(String type, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (!snapshot.containsKey(type) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return find(type);
    } finally {
      lock.unlock();
    }
  }
}
