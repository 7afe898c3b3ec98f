package himmelblau.contract.keystore;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Requirements for errors: other auth values, other machines, changed bytes, closed keys. */
abstract class FailureContract {
  private static final byte[] DATA = "to be signed".getBytes(StandardCharsets.UTF_8);
  private static final String PIN = "271828";

  private final KeyStoreContract kit;

  FailureContract(KeyStoreContract kit) {
    this.kit = kit;
  }

  @Test
  void aWrongAuthValueOpensNothing() throws Exception {
    byte[] blob = kit.machine().blob();
    try (Secret wrong = KeyStoreContract.random32()) {
      assertThrows(WrongPin.class, () -> kit.opened().open(wrong, blob));
    }
    kit.machine().load(kit.machine().create(KeySpec.EC_P256, null), null).close();
    kit.reopened().close();
  }

  @Test
  void anotherMachineOpensNothing() throws Exception {
    WrappedKey key = kit.machine().create(KeySpec.EC_P256, null);
    KeyStore elsewhere = kit.foreign();
    try (Secret other = KeyStoreContract.random32();
        MachineKey stranger = elsewhere.create(other);
        Secret plain = Secret.ofText("x")) {
      byte[] sealed = kit.machine().seal(plain, "label");
      assertThrows(KeyRefused.class, () -> stranger.load(key, null));
      assertThrows(KeyRefused.class, () -> stranger.unseal(sealed, "label"));
      Exception refusal =
          assertThrows(Exception.class, () -> elsewhere.open(other, kit.machine().blob()).close());
      assertTrue(refusal instanceof KeyRefused || refusal instanceof WrongPin, refusal.toString());
    }
    WrappedKey other = new WrappedKey("elsewhere", key.spec(), key.pinProtected(), key.blob());
    assertThrows(KeyRefused.class, () -> kit.machine().load(other, null));
  }

  @Test
  void changedKeysAreRefusedInEveryRegion() throws Exception {
    try (Secret pin = Secret.ofText(PIN)) {
      WrappedKey open = kit.machine().create(KeySpec.EC_P256, null);
      WrappedKey closed = kit.machine().create(KeySpec.EC_P256, pin);
      for (int at : kit.regions(open.blob().length)) {
        assertThrows(
            KeyRefused.class,
            () -> kit.machine().load(Bytes.changed(open, at), null).close(),
            "byte " + at);
      }
      for (int at : kit.regions(closed.blob().length)) {
        assertThrows(
            KeyRefused.class,
            () -> kit.machine().load(Bytes.changed(closed, at), pin).close(),
            "byte " + at);
      }
      for (int cut : new int[] {0, 1, 5, open.blob().length - 1}) {
        WrappedKey shorter =
            new WrappedKey(open.store(), open.spec(), false, Arrays.copyOf(open.blob(), cut));
        assertThrows(KeyRefused.class, () -> kit.machine().load(shorter, null), "cut to " + cut);
      }
      WrappedKey otherSpec = new WrappedKey(open.store(), KeySpec.RSA_2048, false, open.blob());
      assertThrows(KeyRefused.class, () -> kit.machine().load(otherSpec, null));
      WrappedKey unprotected = new WrappedKey(closed.store(), closed.spec(), false, closed.blob());
      assertThrows(KeyRefused.class, () -> kit.machine().load(unprotected, null));
      kit.machine().load(open, null).close();
      kit.machine().load(closed, pin).close();
    }
  }

  @Test
  void aChangedMachineKeyIsRefusedInEveryRegion() throws Exception {
    byte[] blob = kit.machine().blob();
    for (int at : kit.regions(blob.length)) {
      assertThrows(
          KeyRefused.class,
          () -> kit.opened().open(kit.auth(), Bytes.changed(blob, at)).close(),
          "byte " + at);
    }
    assertThrows(KeyRefused.class, () -> kit.opened().open(kit.auth(), new byte[0]));
    kit.reopened().close();
  }

  @Test
  void aClosedKeyCannotBeUsed() throws Exception {
    Key key = kit.machine().load(kit.machine().create(KeySpec.EC_P256, null), null);
    key.close();
    key.close();
    assertThrows(IllegalStateException.class, () -> key.sign(DATA));
    try (Secret plain = Secret.ofText("x")) {
      assertThrows(IllegalStateException.class, () -> key.seal(plain, "l"));
    }
    MachineKey second = kit.reopened();
    second.close();
    second.close();
    assertThrows(IllegalStateException.class, () -> second.create(KeySpec.EC_P256, null));
  }
}
