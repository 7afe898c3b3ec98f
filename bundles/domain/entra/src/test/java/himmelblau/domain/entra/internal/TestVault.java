package himmelblau.domain.entra.internal;

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
public final class TestVault implements Vault {
  public final Map<String, byte[]> values = new ConcurrentSkipListMap<>();
  private final Map<String, WrappedKey> keys = new ConcurrentSkipListMap<>();
  private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
  public volatile boolean failing;
  public volatile boolean unreadable;

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
    watchers.forEach(Runnable::run);
  }

  @Override
  public void writeAll(Map<String, Secret> all, Map<String, WrappedKey> wrapped)
      throws KeyStoreUnavailable {
    if (failing) {
      throw new KeyStoreUnavailable("failing for the test");
    }
    all.forEach((name, value) -> values.put(name, value.copyBytes()));
    keys.putAll(wrapped);
    watchers.forEach(Runnable::run);
  }

  @Override
  public Optional<WrappedKey> readKey(String name) {
    return Optional.ofNullable(keys.get(name));
  }

  @Override
  public void writeKey(String name, WrappedKey key) {
    keys.put(name, key);
  }

  @Override
  public void delete(String name) {
    values.remove(name);
    keys.remove(name);
    watchers.forEach(Runnable::run);
  }

  @Override
  public Watch watch(String prefix, Runnable changed) {
    watchers.add(changed);
    return () -> watchers.remove(changed);
  }

  @Override
  public void deleteAll(String prefix) {
    values.keySet().removeIf(name -> name.startsWith(prefix));
    keys.keySet().removeIf(name -> name.startsWith(prefix));
  }

  @Override
  public List<String> names(String prefix) {
    return Stream.concat(values.keySet().stream(), keys.keySet().stream())
        .filter(name -> name.startsWith(prefix))
        .sorted()
        .toList();
  }
}
