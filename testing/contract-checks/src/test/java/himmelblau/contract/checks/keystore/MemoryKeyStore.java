package himmelblau.contract.checks.keystore;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.UUID;

/** A key store that does what the kit demands, but for the {@link StoreDefect} of its device. */
final class MemoryKeyStore implements KeyStore {
  static final String TYPE = "memory";

  private final MemoryDevice device;

  MemoryKeyStore(MemoryDevice device) {
    this.device = device;
  }

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public KeyStoreInfo info() {
    boolean usable = device.present() || device.has(StoreDefect.USABLE_WITHOUT_DEVICE);
    String summary = usable ? "Keys in memory" : "Plug the device in";
    return new KeyStoreInfo(
        usable, device.has(StoreDefect.DESCRIBES_NOTHING) ? "" : summary, List.of());
  }

  @Override
  public MachineKey create(Secret auth) throws KeyStoreUnavailable {
    device.require();
    UUID machine = UUID.randomUUID();
    byte[] end = device.has(StoreDefect.AUTH_VALUE_IN_BLOB) ? auth.copyBytes() : new byte[0];
    byte[] blob =
        device.machines.keep(
            new MemoryDevice.Opening(machine, List.of(MemoryMachineKey.text(auth))), end);
    return new MemoryMachineKey(device, machine, blob);
  }

  @Override
  public MachineKey open(Secret auth, byte[] blob)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    device.require();
    MemoryDevice.Opening opening =
        device.machines.get(blob).orElseThrow(() -> new KeyRefused("no such machine key"));
    if (!opening.auths().contains(MemoryMachineKey.text(auth))
        && !device.has(StoreDefect.AUTH_VALUE_UNCHECKED)) {
      throw new WrongPin();
    }
    return new MemoryMachineKey(device, opening.machine(), blob);
  }
}
