package himmelblau.contract.checks.keystore;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.contract.checks.keystore.MemoryDevice.Kept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An open machine key of the store in memory. */
final class MemoryMachineKey implements MachineKey {
  private static final int LONGEST_PIN = 64;

  private final MemoryDevice device;
  private final UUID machine;
  private final byte[] blob;
  private final Sealing sealing;
  private volatile boolean closed;

  MemoryMachineKey(MemoryDevice device, UUID machine, byte[] blob) {
    this.device = device;
    this.machine = machine;
    this.blob = blob.clone();
    this.sealing = new Sealing(device, machine);
  }

  /** The bytes of a secret, to be compared. */
  static String text(Secret secret) {
    return HexFormat.of().formatHex(secret.copyBytes());
  }

  @Override
  public String store() {
    return MemoryKeyStore.TYPE;
  }

  @Override
  public byte[] blob() {
    return blob.clone();
  }

  @Override
  public WrappedKey create(KeySpec spec, @Nullable Secret pin) throws KeyStoreUnavailable {
    requireOpen();
    device.require();
    int rsaBits = device.has(StoreDefect.RSA_OF_1024_BITS) ? 1024 : 2048;
    return kept(spec, KeyMaterial.generate(spec, rsaBits), pin);
  }

  private WrappedKey kept(KeySpec spec, KeyMaterial material, @Nullable Secret pin) {
    if (pin != null && !device.has(StoreDefect.PIN_OF_ANY_LENGTH)) {
      if (pin.isEmpty() || pin.length() > LONGEST_PIN) {
        throw new IllegalArgumentException("A PIN has 1 to 64 bytes");
      }
    }
    byte[] end = pin != null && device.has(StoreDefect.PIN_IN_BLOB) ? pin.copyBytes() : new byte[0];
    byte[] made = device.keys.keep(new Kept(machine, spec, given(pin), material), end);
    return new WrappedKey(MemoryKeyStore.TYPE, spec, pin != null, made);
  }

  @Override
  public Key load(WrappedKey key, @Nullable Secret pin)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    requireOpen();
    if (!device.present() && device.has(StoreDefect.MISSING_DEVICE_IS_A_REFUSAL)) {
      throw new KeyRefused("no such key");
    }
    device.require();
    Kept kept = find(key);
    requirePin(kept, pin);
    return new MemoryKey(device, kept);
  }

  private Kept find(WrappedKey key) throws KeyRefused {
    Kept kept = device.keys.get(key.blob()).orElseThrow(() -> new KeyRefused("no such key"));
    if (!key.store().equals(MemoryKeyStore.TYPE)
        && !device.has(StoreDefect.LOADS_KEYS_OF_OTHER_STORES)) {
      throw new KeyRefused("of another store");
    }
    if (!kept.machine().equals(machine) && !device.has(StoreDefect.LOADS_KEYS_OF_OTHER_MACHINES)) {
      throw new KeyRefused("of another machine");
    }
    if (kept.spec() != key.spec() && !device.has(StoreDefect.TYPE_OF_KEY_UNCHECKED)) {
      throw new KeyRefused("of another type");
    }
    if (kept.pin().isPresent() != key.pinProtected()
        && !device.has(StoreDefect.PIN_MARK_UNCHECKED)) {
      throw new KeyRefused("changed");
    }
    return kept;
  }

  private void requirePin(Kept kept, @Nullable Secret pin) throws WrongPin {
    Optional<String> given = given(pin);
    if (device.has(StoreDefect.SHARES_THE_TYPED_PIN)) {
      device.typed = given;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      given = device.typed;
    }
    boolean right = kept.pin().equals(given);
    if (kept.pin().isPresent()) {
      right |= given.isPresent() && device.has(StoreDefect.PIN_UNCHECKED);
      right |= given.isEmpty() && device.has(StoreDefect.OPENS_WITHOUT_ITS_PIN);
    } else {
      right |= device.has(StoreDefect.IGNORES_A_PIN_TOO_MANY);
    }
    if (!right) {
      throw new WrongPin();
    }
  }

  private Optional<String> given(@Nullable Secret pin) {
    if (pin == null) {
      return Optional.empty();
    }
    String text = text(pin);
    boolean cut = device.has(StoreDefect.PIN_CUT_OFF) && text.length() > LONGEST_PIN;
    return Optional.of(cut ? text.substring(0, LONGEST_PIN) : text);
  }

  @Override
  public byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
    requireOpen();
    return sealing.seal(plain, label);
  }

  @Override
  public Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
    requireOpen();
    return sealing.unseal(sealed, label);
  }

  @Override
  public boolean imports(KeySpec spec, boolean pinProtected) {
    return spec != KeySpec.EC_P256;
  }

  @Override
  public boolean exports(KeySpec spec, boolean pinProtected) {
    return true;
  }

  @Override
  public Optional<Secret> export(WrappedKey key, @Nullable Secret pin) throws WrongPin, KeyRefused {
    requireOpen();
    Kept kept = find(key);
    if (pin != null || !device.has(StoreDefect.EXPORTS_WITHOUT_THE_PIN)) {
      requirePin(kept, pin);
    }
    return Optional.of(kept.material().exported());
  }

  @Override
  public Optional<WrappedKey> importKey(KeySpec spec, Secret material, @Nullable Secret pin) {
    requireOpen();
    if (!imports(spec, pin != null) || device.has(StoreDefect.IMPORTS_NOTHING_IT_CLAIMS)) {
      return Optional.empty();
    }
    Secret used = device.has(StoreDefect.IMPORTS_WITHOUT_THE_PIN) ? null : pin;
    return Optional.of(kept(spec, KeyMaterial.of(spec, material), used));
  }

  @Override
  public Optional<byte[]> rewrap(Secret auth) {
    requireOpen();
    List<String> auths = new ArrayList<>(List.of(text(auth)));
    if (device.has(StoreDefect.OLD_AUTH_VALUE_OPENS_ON)) {
      auths.addAll(device.machines.get(blob).orElseThrow().auths());
    }
    return Optional.of(device.machines.keep(new MemoryDevice.Opening(machine, auths)));
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(blob, (byte) 0);
  }

  private void requireOpen() {
    if (closed && !device.has(StoreDefect.CLOSED_MACHINE_CREATES)) {
      throw new IllegalStateException("closed");
    }
  }
}
