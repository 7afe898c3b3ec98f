package himmelblau.login.internal;

import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys by name, in memory. */
public final class MemoryVault implements Vault {
  private final Map<String, WrappedKey> keys = new HashMap<>();

  @Override
  public Optional<Secret> read(String name) {
    return Optional.empty();
  }

  @Override
  public void write(String name, Secret value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void writeAll(Map<String, Secret> values, Map<String, WrappedKey> more) {
    throw new UnsupportedOperationException();
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
    keys.remove(name);
  }

  @Override
  public void deleteAll(String prefix) {
    keys.keySet().removeIf(name -> name.startsWith(prefix));
  }

  @Override
  public List<String> names(String prefix) {
    return keys.keySet().stream().filter(name -> name.startsWith(prefix)).sorted().toList();
  }

  @Override
  public Watch watch(String prefix, Runnable changed) {
    return () -> {};
  }
}
