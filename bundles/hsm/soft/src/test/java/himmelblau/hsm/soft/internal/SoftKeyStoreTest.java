package himmelblau.hsm.soft.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.contract.keystore.KeyStoreContract;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SoftKeyStoreTest extends KeyStoreContract {
  @Override
  protected KeyStore store() {
    return new SoftKeyStore();
  }

  @Override
  protected KeyStore foreign() {
    return new SoftKeyStore();
  }

  @ParameterizedTest
  @EnumSource(KeySpec.class)
  void whatItLetsOutItTakesIn(KeySpec spec) throws Exception {
    try (Secret pin = Secret.ofText("271828");
        Secret out = machine().export(machine().create(spec, pin), pin).orElseThrow()) {
      WrappedKey back = machine().importKey(spec, out, null).orElseThrow();
      machine().load(back, null).close();
    }
  }

  @Test
  void refusesToTakeInWhatIsNotSuchAKey() {
    try (Secret junk = Secret.copyOf(new byte[100])) {
      assertThrows(
          IllegalArgumentException.class, () -> machine().importKey(KeySpec.RSA_2048, junk, null));
      assertThrows(
          IllegalArgumentException.class, () -> machine().importKey(KeySpec.EC_P256, junk, null));
    }
  }

  @Test
  void privateKeysAreNotInTheBlobs() throws Exception {
    WrappedKey wrapped = machine().create(KeySpec.RSA_2048, null);
    try (Secret out = machine().export(wrapped, null).orElseThrow()) {
      String material =
          new String(Arrays.copyOfRange(out.copyBytes(), 300, 316), StandardCharsets.ISO_8859_1);
      String blob = new String(wrapped.blob(), StandardCharsets.ISO_8859_1);
      assertFalse(blob.contains(material));
    }
  }

  @Test
  void aNewerVersionIsNamed() throws Exception {
    byte[] blob = machine().create(KeySpec.HMAC_SHA256, null).blob();
    blob[0] = 9;
    KeyRefused refused =
        assertThrows(
            KeyRefused.class,
            () -> machine().load(new WrappedKey("soft", KeySpec.HMAC_SHA256, false, blob), null));
    assertTrue(refused.getMessage().contains("version 9"), refused.getMessage());
  }

  @Test
  void keysOutliveTheMachineThatLoadedThem() throws Exception {
    try (Secret auth = random32()) {
      MachineKey machine = store().create(auth);
      Key key = machine.load(machine.create(KeySpec.HMAC_SHA256, null), null);
      machine.close();
      assertEquals(32, key.hmac(new byte[1]).length);
      key.close();
    }
  }
}
