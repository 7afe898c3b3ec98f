package himmelblau.domain.entra.internal;

import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A vault in memory; can be made to fail on the next write, as a killed process would. */
public final class TestVault implements Vault {
  public final Map<String, byte[]> values = new ConcurrentSkipListMap<>();
  public volatile boolean failing;

  @Override
  public Optional<Secret> read(String name) {
    return Optional.ofNullable(values.get(name)).map(Secret::copyOf);
  }

  @Override
  public void write(String name, Secret value) throws KeyStoreUnavailable {
    if (failing) {
      throw new KeyStoreUnavailable("failing for the test");
    }
    values.put(name, value.copyBytes());
  }

  @Override
  public Optional<WrappedKey> readKey(String name) {
    return Optional.empty();
  }

  @Override
  public void writeKey(String name, WrappedKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String name) {
    values.remove(name);
  }

  @Override
  public void deleteAll(String prefix) {
    values.keySet().removeIf(name -> name.startsWith(prefix));
  }

  @Override
  public List<String> names(String prefix) {
    return values.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
  }
}
