package himmelblau.machine.internal;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A machine whose operations are timed, also those of the keys that it loads. */
record MeasuredMachine(Machine machine, KeyStoreTimes times) implements Machine {
  @Override
  public String store() {
    return machine.store();
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    KeyStoreTimes.Timing timing = times.begin("create");
    try {
      return timing.ended(machine.create(spec, pin));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public Key load(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    KeyStoreTimes.Timing timing = times.begin("load");
    try {
      return timing.ended(new MeasuredKey(machine.load(key, pin), times));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
    KeyStoreTimes.Timing timing = times.begin("seal");
    try {
      return timing.ended(machine.seal(plain, label));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
    KeyStoreTimes.Timing timing = times.begin("unseal");
    try {
      return timing.ended(machine.unseal(sealed, label));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public KeyPlace place(WrappedKey key) {
    return machine.place(key);
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return machine.imports(spec, pinProtected);
  }

  @Override
  public Optional<Secret> export(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    KeyStoreTimes.Timing timing = times.begin("export");
    try {
      return timing.ended(machine.export(key, pin));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin)
      throws KeyStoreUnavailable {
    KeyStoreTimes.Timing timing = times.begin("import");
    try {
      return timing.ended(machine.importKey(spec, material, pin));
    } catch (Exception e) {
      timing.failed(e);
      throw e;
    }
  }
}
