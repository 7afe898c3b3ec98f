package himmelblau.contract.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Requirements for concurrent use. */
abstract class ConcurrencyContract {

  private static final byte[] DATA = "to be signed".getBytes(StandardCharsets.UTF_8);

  private final KeyStoreContract kit;

  ConcurrencyContract(KeyStoreContract kit) {
    this.kit = kit;
  }

  @Test
  void manyThreadsShareOneMachine() throws Exception {
    WrappedKey wrapped = kit.machine().create(KeySpec.EC_P256, null);
    try (Key shared = kit.machine().load(wrapped, null)) {
      Parallel.run(
          kit.threads(),
          number -> {
            byte[] mine = {(byte) number};
            try (Key own = kit.machine().load(wrapped, null);
                Secret plain = Secret.copyOf(mine)) {
              for (int round = 0; round < 3; round++) {
                assertTrue(Jca.verifies(KeySpec.EC_P256, own.publicKey(), mine, shared.sign(mine)));
                assertTrue(Jca.verifies(KeySpec.EC_P256, own.publicKey(), mine, own.sign(mine)));
                try (Secret clear = own.unseal(shared.seal(plain, "l"), "l")) {
                  assertTrue(clear.matches(plain));
                }
              }
            }
          });
    }
  }

  /** PINs right and wrong, keys that come and go, values: all of it side by side. */
  @Test
  void concurrentCallsDoNotDisturbEachOther() throws Exception {
    MachineKey machine = kit.machine();
    try (Secret pin = Secret.ofText("271828");
        Secret wrong = Secret.ofText("271829")) {
      WrappedKey guarded = machine.create(KeySpec.HMAC_SHA256, pin);
      byte[] expected;
      try (Key key = machine.load(guarded, pin)) {
        expected = key.hmac(DATA);
      }
      Parallel.run(
          kit.threads(),
          number -> {
            switch (number % 4) {
              case 0 -> {
                try (Key key = machine.load(guarded, pin)) {
                  assertArrayEquals(expected, key.hmac(DATA));
                }
              }
              case 1 -> assertThrows(WrongPin.class, () -> machine.load(guarded, wrong));
              case 2 -> {
                try (Key key = machine.load(machine.create(KeySpec.EC_P256, null), null)) {
                  assertTrue(Jca.verifies(KeySpec.EC_P256, key.publicKey(), DATA, key.sign(DATA)));
                }
              }
              default -> {
                try (Secret clear = machine.unseal(machine.seal(pin, "l"), "l")) {
                  assertTrue(clear.matches(pin));
                }
              }
            }
          });
    }
  }
}
