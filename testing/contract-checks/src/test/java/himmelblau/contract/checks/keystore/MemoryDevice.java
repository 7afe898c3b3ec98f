package himmelblau.contract.checks.keystore;

import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds everything that the stores on it have made, and the {@link StoreDefect} of them all. */
final class MemoryDevice {
  /** A machine key: what opens it, and which one it is. */
  record Opening(UUID machine, List<String> auths) {}

  /** A key below a machine key. */
  record Kept(UUID machine, KeySpec spec, Optional<String> pin, KeyMaterial material) {}

  /** A sealed value. */
  record Sealed(Object owner, String label, byte[] plain) {}

  final Blobs<Kept> keys;
  final Blobs<Sealed> values;
  final Blobs<Opening> machines;
  final AtomicInteger signing = new AtomicInteger();
  volatile Optional<String> typed = Optional.empty();

  private final StoreDefect defect;
  private volatile boolean present = true;

  MemoryDevice(StoreDefect defect) {
    this(
        defect,
        new Blobs<>(defect != StoreDefect.CHANGED_KEY_LOADS),
        new Blobs<>(defect != StoreDefect.CHANGED_SEALED_VALUE_OPENS));
  }

  private MemoryDevice(StoreDefect defect, Blobs<Kept> keys, Blobs<Sealed> values) {
    this.defect = defect;
    this.keys = keys;
    this.values = values;
    this.machines = new Blobs<>(defect != StoreDefect.CHANGED_MACHINE_KEY_OPENS);
  }

  /** The device of another machine, which can read the same blobs of keys and values. */
  MemoryDevice another() {
    return new MemoryDevice(defect, keys, values);
  }

  boolean has(StoreDefect asked) {
    return defect == asked;
  }

  void remove() {
    present = false;
    if (has(StoreDefect.KEYS_LOST_WITH_DEVICE)) {
      keys.clear();
    }
  }

  void giveBack() {
    present = true;
  }

  boolean present() {
    return present;
  }

  void require() throws KeyStoreUnavailable {
    if (!present) {
      throw new KeyStoreUnavailable("Plug the device in");
    }
  }
}
