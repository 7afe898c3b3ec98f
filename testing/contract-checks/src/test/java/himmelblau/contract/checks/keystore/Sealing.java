package himmelblau.contract.checks.keystore;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.contract.checks.keystore.MemoryDevice.Sealed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Seals for one owner: a key or a machine key. */
record Sealing(MemoryDevice device, Object owner) {
  byte[] seal(Secret plain, String label) throws KeyStoreUnavailable {
    device.require();
    Sealed value = new Sealed(owner, label, plain.copyBytes());
    if (device.has(StoreDefect.SAME_SEALED_VALUE_TWICE)) {
      String name = owner + label + Arrays.hashCode(value.plain());
      return device.values.keepAs(name.getBytes(StandardCharsets.UTF_8), value);
    }
    return device.values.keep(value);
  }

  Secret unseal(byte[] sealed, String label) throws KeyStoreUnavailable, KeyRefused {
    device.require();
    Sealed value = device.values.get(sealed).orElseThrow(() -> new KeyRefused("changed"));
    if (!value.owner().equals(owner) && !device.has(StoreDefect.EVERY_KEY_UNSEALS)) {
      throw new KeyRefused("of another key");
    }
    if (!value.label().equals(label) && !device.has(StoreDefect.LABEL_UNCHECKED)) {
      throw new KeyRefused("of another label");
    }
    return Secret.copyOf(value.plain());
  }
}
