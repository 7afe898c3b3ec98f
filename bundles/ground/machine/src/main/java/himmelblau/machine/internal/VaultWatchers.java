package himmelblau.machine.internal;

import himmelblau.api.log.Log;
import himmelblau.api.store.Vault;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Subscriptions to changes of names in the vault. Thread-safe. */
final class VaultWatchers {
  private static final Log LOG = Log.of(VaultWatchers.class);

  /** One of them; compared by identity. */
  private static final class Watcher {
    private final String prefix;
    private final Runnable changed;

    Watcher(String prefix, Runnable changed) {
      this.prefix = prefix;
      this.changed = changed;
    }
  }

  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  Vault.Watch add(String prefix, Runnable changed) {
    Watcher watcher = new Watcher(prefix, changed);
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /** Names of one transaction; each watcher hears of it once. */
  void changed(Collection<String> names) {
    for (Watcher watcher : watchers) {
      if (names.stream().anyMatch(name -> name.startsWith(watcher.prefix))) {
        run(watcher);
      }
    }
  }

  /** Everything under a prefix was deleted. */
  void gone(String prefix) {
    for (Watcher watcher : watchers) {
      if (watcher.prefix.startsWith(prefix) || prefix.startsWith(watcher.prefix)) {
        run(watcher);
      }
    }
  }

  /** What was written is written, whatever a watcher does. */
  private static void run(Watcher watcher) {
    try {
      watcher.changed.run();
    } catch (RuntimeException e) {
      LOG.error("machine.watcher_failed", e, "prefix", watcher.prefix);
    }
  }
}
