package himmelblau.testing.doubles;

import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A vault in memory; can be made to fail on the next write, as a killed process would. */
public final class MemoryVault implements Vault {
  public final Map<String, byte[]> values = new ConcurrentSkipListMap<>();
  private final Map<String, WrappedKey> keys = new ConcurrentSkipListMap<>();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  public volatile boolean failing;
  public volatile boolean unreadable;

  private record Watcher(String prefix, Runnable changed) {}

  @Override
  public Optional<Secret> read(String name) throws KeyStoreUnavailable {
    if (unreadable && values.containsKey(name)) {
      throw new KeyStoreUnavailable("unreadable for the test");
    }
    return Optional.ofNullable(values.get(name)).map(Secret::copyOf);
  }

  @Override
  public void write(String name, Secret value) throws KeyStoreUnavailable {
    if (failing) {
      throw new KeyStoreUnavailable("failing for the test");
    }
    values.put(name, value.copyBytes());
    changed(name);
  }

  @Override
  public void writeAll(Map<String, Secret> all, Map<String, WrappedKey> wrapped)
      throws KeyStoreUnavailable {
    if (failing) {
      throw new KeyStoreUnavailable("failing for the test");
    }
    all.forEach((name, value) -> values.put(name, value.copyBytes()));
    keys.putAll(wrapped);
    Stream.concat(all.keySet().stream(), wrapped.keySet().stream()).forEach(this::changed);
  }

  @Override
  public Optional<WrappedKey> readKey(String name) {
    return Optional.ofNullable(keys.get(name));
  }

  @Override
  public void writeKey(String name, WrappedKey key) {
    keys.put(name, key);
    changed(name);
  }

  @Override
  public void delete(String name) {
    values.remove(name);
    keys.remove(name);
    changed(name);
  }

  @Override
  public void deleteAll(String prefix) {
    List<String> gone = names(prefix);
    values.keySet().removeAll(gone);
    keys.keySet().removeAll(gone);
    gone.forEach(this::changed);
  }

  private void changed(String name) {
    for (Watcher watcher : watchers) {
      if (name.startsWith(watcher.prefix())) {
        watcher.changed().run();
      }
    }
  }

  @Override
  public List<String> names(String prefix) {
    return Stream.concat(values.keySet().stream(), keys.keySet().stream())
        .filter(name -> name.startsWith(prefix))
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public Watch watch(String prefix, Runnable changed) {
    Watcher watcher = new Watcher(prefix, changed);
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }
}
