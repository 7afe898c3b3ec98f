package himmelblau.domain.entra.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A machine whose keys are in memory; can be made to fail. */
public final class TestMachine implements Machine {
  private final List<TestKey> keys = new ArrayList<>();
  public volatile boolean broken;

  @Override
  public String store() {
    return "test";
  }

  @Override
  public synchronized WrappedKey create(KeySpec spec, @Nullable Secret pin)
      throws KeyStoreUnavailable {
    check();
    keys.add(TestKey.made(keys.size()));
    return new WrappedKey("test", spec, pin != null, new byte[] {(byte) (keys.size() - 1)});
  }

  @Override
  public synchronized Key load(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, KeyRefused {
    check();
    if (key.blob()[0] >= keys.size()) {
      throw new KeyRefused("a key of another machine");
    }
    return keys.get(key.blob()[0]);
  }

  private void check() throws KeyStoreUnavailable {
    if (broken) {
      throw new KeyStoreUnavailable("broken for the test");
    }
  }

  @Override
  public byte[] seal(Secret plain, String label) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Secret unseal(byte[] sealed, String label) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Secret> export(WrappedKey key, @Nullable Secret pin) {
    return Optional.empty();
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin) {
    return Optional.empty();
  }

  @Override
  public KeyPlace place(WrappedKey key) {
    return KeyPlace.CURRENT;
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return false;
  }
}
