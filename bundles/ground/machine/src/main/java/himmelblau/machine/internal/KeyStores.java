package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyStore;
import himmelblau.api.log.Log;
import himmelblau.api.plugin.PluginRank;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The key stores that are installed now. Readers take an immutable snapshot. */
final class KeyStores {
  private static final Log LOG = Log.of(KeyStores.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Installed> installed = new ArrayList<>();
  private volatile Map<String, KeyStore> snapshot = Map.of();

  private record Installed(String type, KeyStore store, PluginRank rank) {}

  /**
   * Adds a store. Of several with one type, the one with the first rank is used.
   *
   * @return whether it is the one that is used now
   */
  boolean add(String type, KeyStore store, PluginRank rank) {
    lock.lock();
    try {
      installed.add(new Installed(type, store, rank));
      installed.sort(Comparator.comparing(Installed::rank));
      KeyStore used = choose().get(type);
      long serving = installed.stream().filter(one -> one.type().equals(type)).count();
      if (serving > 1) {
        String name = used == null ? "none" : used.getClass().getName();
        LOG.warn("machine.store.several", "type", type, "stores", serving, "used", name);
      }
      changed.signalAll();
      return used == store;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes a store; another of the same type is used from now on.
   *
   * @return whether it was the one that was used
   */
  boolean remove(KeyStore store) {
    lock.lock();
    try {
      boolean used = snapshot.containsValue(store);
      installed.removeIf(one -> one.store() == store);
      choose();
      return used;
    } finally {
      lock.unlock();
    }
  }

  private Map<String, KeyStore> choose() {
    Map<String, KeyStore> next = new HashMap<>();
    installed.forEach(one -> next.putIfAbsent(one.type(), one.store()));
    snapshot = Map.copyOf(next);
    return snapshot;
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
            rest.add(other, store, PluginRank.of(Map.of()));
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
