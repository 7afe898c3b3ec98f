package himmelblau.contract.keystore;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import org.junit.jupiter.api.Test;

/**
 * Requirements, in addition to {@link KeyStoreContract}, for stores whose device can be removed.
 */
public abstract class DeviceContract extends KeyStoreContract {
  /** Takes the device away. */
  protected abstract void removeDevice() throws Exception;

  /** Puts the same device back. */
  protected abstract void returnDevice() throws Exception;

  @Test
  void withoutItsDeviceItReportsThatAndLosesNothing() throws Exception {
    MachineKey machine = machine();
    WrappedKey wrapped = machine.create(KeySpec.EC_P256, null);
    byte[] data = {1};
    try (Secret plain = Secret.ofText("kept");
        Secret auth = random32()) {
      byte[] sealed = machine.seal(plain, "label");
      removeDevice();
      assertFalse(store().info().usable());
      assertFalse(store().info().summary().isBlank());
      assertThrows(KeyStoreUnavailable.class, () -> store().create(auth));
      assertThrows(KeyStoreUnavailable.class, () -> machine.create(KeySpec.EC_P256, null));
      assertThrows(
          KeyStoreUnavailable.class,
          () -> {
            try (Key key = machine.load(wrapped, null)) {
              key.sign(data);
            }
          });
      returnDevice();
      assertTrue(store().info().usable(), store().info().summary());
      try (Key key = machine.load(wrapped, null);
          Secret clear = machine.unseal(sealed, "label")) {
        assertTrue(Jca.verifies(KeySpec.EC_P256, key.publicKey(), data, key.sign(data)));
        assertTrue(clear.matches(plain));
      }
    }
  }
}
