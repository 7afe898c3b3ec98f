package himmelblau.contract.keystore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requirements for keys with a PIN. */
abstract class PinsContract {
  private static final byte[] DATA = "to be signed".getBytes(StandardCharsets.UTF_8);
  private static final String PIN = "271828";

  private final KeyStoreContract kit;

  PinsContract(KeyStoreContract kit) {
    this.kit = kit;
  }

  @ParameterizedTest
  @EnumSource(KeySpec.class)
  void onlyItsPinOpensAKey(KeySpec spec) throws Exception {
    try (Secret pin = Secret.ofText(PIN);
        Secret wrong = Secret.ofText("271829");
        Secret plain = Secret.ofText("sealed under the PIN")) {
      WrappedKey wrapped = kit.machine().create(spec, pin);
      assertTrue(wrapped.pinProtected());
      assertThrows(WrongPin.class, () -> kit.machine().load(wrapped, wrong));
      assertThrows(WrongPin.class, () -> kit.machine().load(wrapped, null));
      byte[] sealed;
      try (Key key = kit.machine().load(wrapped, pin)) {
        sealed = key.seal(plain, "label");
        if (spec == KeySpec.HMAC_SHA256) {
          assertEquals(32, key.hmac(DATA).length);
        } else {
          assertTrue(Jca.verifies(spec, key.publicKey(), DATA, key.sign(DATA)));
        }
      }
      try (MachineKey again = kit.reopened();
          Key key = again.load(wrapped, pin);
          Secret clear = key.unseal(sealed, "label")) {
        assertTrue(clear.matches(plain));
      }
    }
  }

  @Test
  void aPinForAKeyWithoutPinIsWrong() throws Exception {
    WrappedKey wrapped = kit.machine().create(KeySpec.EC_P256, null);
    try (Secret pin = Secret.ofText(PIN)) {
      assertThrows(WrongPin.class, () -> kit.machine().load(wrapped, pin));
    }
  }

  @Test
  void theSamePinGivesUnrelatedKeys() throws Exception {
    try (Secret pin = Secret.ofText(PIN);
        Secret plain = Secret.ofText("mine")) {
      WrappedKey one = kit.machine().create(KeySpec.EC_P256, pin);
      WrappedKey two = kit.machine().create(KeySpec.EC_P256, pin);
      assertFalse(Arrays.equals(one.blob(), two.blob()));
      try (Key first = kit.machine().load(one, pin);
          Key second = kit.machine().load(two, pin)) {
        byte[] sealed = first.seal(plain, "label");
        assertThrows(KeyRefused.class, () -> second.unseal(sealed, "label"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 33, 64})
  void pinsOfEveryLengthWork(int length) throws Exception {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xc3);
    try (Secret pin = Secret.taking(bytes)) {
      WrappedKey wrapped = kit.machine().create(KeySpec.HMAC_SHA256, pin);
      kit.machine().load(wrapped, pin).close();
      try (Secret shorter = Secret.copyOf(Arrays.copyOf(bytes, Math.max(1, length - 1)))) {
        if (length > 1) {
          assertThrows(WrongPin.class, () -> kit.machine().load(wrapped, shorter));
        }
      }
    }
  }

  @Test
  void neitherPinNorAuthIsInABlob() throws Exception {
    try (Secret pin = Secret.ofText("a PIN that can be found")) {
      String blob = Bytes.text(kit.machine().create(KeySpec.HMAC_SHA256, pin).blob());
      assertFalse(blob.contains("PIN that can"));
    }
    assertFalse(Bytes.text(kit.machine().blob()).contains(Bytes.text(kit.auth().copyBytes())));
  }

  @Test
  void pinsOutOfBoundsAreRefused() {
    try (Secret none = Secret.copyOf(new byte[0]);
        Secret tooLong = Secret.copyOf(new byte[65])) {
      assertThrows(
          IllegalArgumentException.class, () -> kit.machine().create(KeySpec.HMAC_SHA256, none));
      assertThrows(
          IllegalArgumentException.class, () -> kit.machine().create(KeySpec.HMAC_SHA256, tooLong));
    }
  }

  @ParameterizedTest
  @EnumSource(KeySpec.class)
  void aKeyImportedWithAPinNeedsThatPin(KeySpec spec) throws Exception {
    try (Foreign foreign = Foreign.keys();
        Secret pin = Secret.ofText(PIN);
        Secret wrong = Secret.ofText("271829")) {
      Optional<WrappedKey> taken = kit.machine().importKey(spec, foreign.material(spec), pin);
      assertEquals(kit.machine().imports(spec, true), taken.isPresent());
      if (taken.isEmpty()) {
        return;
      }
      assertTrue(taken.get().pinProtected());
      assertThrows(WrongPin.class, () -> kit.machine().load(taken.get(), wrong));
      assertThrows(WrongPin.class, () -> kit.machine().load(taken.get(), null));
      try (Key key = kit.machine().load(taken.get(), pin)) {
        foreign.check(key);
      }
    }
  }

  @Test
  void exportsAKeyOnlyWithItsPin() throws Exception {
    try (Secret pin = Secret.ofText(PIN);
        Secret wrong = Secret.ofText("271829")) {
      WrappedKey wrapped = kit.machine().create(KeySpec.HMAC_SHA256, pin);
      if (!kit.machine().exports(KeySpec.HMAC_SHA256, true)) {
        assertEquals(Optional.empty(), kit.machine().export(wrapped, pin));
        return;
      }
      assertThrows(WrongPin.class, () -> kit.machine().export(wrapped, wrong));
      assertThrows(WrongPin.class, () -> kit.machine().export(wrapped, null));
      kit.machine().export(wrapped, pin).orElseThrow().close();
    }
  }
}
