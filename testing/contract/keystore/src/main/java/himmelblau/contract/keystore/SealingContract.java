package himmelblau.contract.keystore;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requirements for sealed values. */
abstract class SealingContract {

  private final KeyStoreContract kit;

  SealingContract(KeyStoreContract kit) {
    this.kit = kit;
  }

  @ParameterizedTest
  @EnumSource(KeySpec.class)
  void sealsPerKeyAndPerLabel(KeySpec spec) throws Exception {
    WrappedKey wrapped = kit.machine().create(spec, null);
    try (Key key = kit.machine().load(wrapped, null);
        Key same = kit.machine().load(wrapped, null);
        Key other = kit.machine().load(kit.machine().create(spec, null), null);
        Secret plain = Secret.copyOf(new byte[5000])) {
      byte[] sealed = key.seal(plain, "refresh token");
      try (Secret clear = same.unseal(sealed, "refresh token")) {
        assertTrue(clear.matches(plain));
      }
      assertThrows(KeyRefused.class, () -> key.unseal(sealed, "other label"));
      assertThrows(KeyRefused.class, () -> other.unseal(sealed, "refresh token"));
      assertThrows(KeyRefused.class, () -> kit.machine().unseal(sealed, "refresh token"));
    }
  }

  @Test
  void theMachineSealsToo() throws Exception {
    try (Secret plain = Secret.ofText("a value");
        Secret nothing = Secret.copyOf(new byte[0])) {
      byte[] sealed = kit.machine().seal(plain, "label");
      byte[] empty = kit.machine().seal(nothing, "label");
      assertFalse(Arrays.equals(sealed, kit.machine().seal(plain, "label")));
      try (MachineKey again = kit.reopened();
          Secret clear = again.unseal(sealed, "label");
          Secret none = again.unseal(empty, "label")) {
        assertTrue(clear.matches(plain));
        assertTrue(none.isEmpty());
        assertThrows(KeyRefused.class, () -> again.unseal(sealed, "another label"));
      }
      for (int at : kit.regions(sealed.length)) {
        assertThrows(
            KeyRefused.class,
            () -> kit.machine().unseal(Bytes.changed(sealed, at), "label"),
            "byte " + at);
      }
      assertThrows(KeyRefused.class, () -> kit.machine().unseal(new byte[0], "label"));
    }
  }
}
