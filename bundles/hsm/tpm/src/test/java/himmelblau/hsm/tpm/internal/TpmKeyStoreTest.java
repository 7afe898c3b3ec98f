package himmelblau.hsm.tpm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.contract.keystore.DeviceContract;
import himmelblau.contract.keystore.Jca;
import himmelblau.contract.keystore.Swtpm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf("installed")
class TpmKeyStoreTest extends DeviceContract {
  @TempDir private static Path directory;
  private static Swtpm one;
  private static Swtpm two;

  static boolean installed() {
    return Swtpm.installed();
  }

  @BeforeAll
  static void startTpms() throws Exception {
    one = Swtpm.start(Files.createDirectory(directory.resolve("one")));
    two = Swtpm.start(Files.createDirectory(directory.resolve("two")));
    // Tests of wrong PINs must not lock each other out.
    one.tool("tpm2_dictionarylockout", "--setup-parameters", "--max-tries=31");
  }

  @AfterAll
  static void stopTpms() throws Exception {
    one.close();
    two.close();
  }

  @Override
  protected KeyStore store() {
    return new TpmKeyStore(one.tcti());
  }

  @Override
  protected KeyStore foreign() {
    return new TpmKeyStore(two.tcti());
  }

  @Override
  protected int probes() {
    return 24;
  }

  @Override
  protected void removeDevice() throws Exception {
    one.kill();
  }

  @Override
  protected void returnDevice() throws Exception {
    one.start();
  }

  private static void assertNothingLeft() throws Exception {
    for (String kind : new String[] {"transient", "loaded-session", "saved-session"}) {
      assertEquals("", one.tool("tpm2_getcap", "handles-" + kind).strip(), kind);
    }
    assertEquals("", one.tool("tpm2_getcap", "handles-persistent").strip());
  }

  @Test
  void leavesNothingInTheTpm() throws Exception {
    try (Secret pin = Secret.ofText("271828");
        Secret wrong = Secret.ofText("314159")) {
      WrappedKey guarded = machine().create(KeySpec.EC_P256, pin);
      WrappedKey rsa = machine().create(KeySpec.RSA_2048, null);
      WrappedKey hmac = machine().create(KeySpec.HMAC_SHA256, null);
      assertNothingLeft();
      assertThrows(WrongPin.class, () -> machine().load(guarded, wrong));
      assertNothingLeft();
      try (Key key = machine().load(guarded, pin);
          Key other = machine().load(rsa, null);
          Key third = machine().load(hmac, null)) {
        for (int i = 0; i < 50; i++) {
          key.sign(new byte[i]);
          third.hmac(new byte[3000]);
        }
        assertThrows(KeyRefused.class, () -> other.decrypt(new byte[256], Oaep.SHA1));
        assertNothingLeft();
      }
    }
  }

  @Test
  void keysGoOnAfterTheTpmRestarted() throws Exception {
    try (Secret pin = Secret.ofText("271828");
        Key key = machine().load(machine().create(KeySpec.EC_P256, pin), pin)) {
      key.sign(new byte[1]);
      one.stop();
      assertThrows(KeyStoreUnavailable.class, () -> key.sign(new byte[1]));
      one.start();
      assertTrue(
          Jca.verifies(KeySpec.EC_P256, key.publicKey(), new byte[1], key.sign(new byte[1])));
    }
  }

  @Test
  void cleansUpAfterAProcessThatWasKilled() throws Exception {
    for (int i = 0; i < 3; i++) {
      one.tool("tpm2_createprimary", "-C", "o", "-G", "ecc", "-Q");
    }
    for (int i = 0; i < 3; i++) {
      one.tool("tpm2_startauthsession", "-S", directory.resolve("s" + i).toString());
    }
    machine().load(machine().create(KeySpec.EC_P256, null), null).close();
    one.tool("tpm2_flushcontext", "-l");
    one.tool("tpm2_flushcontext", "-s");
    assertNothingLeft();
  }

  @Test
  void saysWhatTpmItIs() {
    var info = store().info();
    assertTrue(info.usable());
    String details = String.join("\n", info.details());
    assertTrue(details.contains("Manufacturer: IBM"), details);
    assertTrue(details.contains("of 31 wrong attempts"), details);
    assertTrue(details.contains("forgotten every"), details);
  }

  @Test
  void withoutADeviceItSaysSoWithoutLoadingAnything() {
    KeyStore missing = new TpmKeyStore("device:/nowhere/tpmrm0");
    assertEquals("No TPM detected", missing.info().summary());
    try (Secret auth = random32()) {
      KeyStoreUnavailable e = assertThrows(KeyStoreUnavailable.class, () -> missing.create(auth));
      assertTrue(String.valueOf(e.getMessage()).contains("/nowhere/tpmrm0"), e.getMessage());
    }
  }

  @Test
  void nonsenseAsTctiIsReported() {
    KeyStore nonsense = new TpmKeyStore("no-such-tcti:x=y");
    assertFalse(nonsense.info().usable());
    assertEquals("TPM configured but NOT reachable", nonsense.info().summary());
  }

  @Test
  void anOwnerPasswordIsNamed() throws Exception {
    try (Secret auth = random32()) {
      two.tool("tpm2_changeauth", "-c", "owner", "secret");
      KeyStore store = foreign();
      assertFalse(store.info().usable());
      assertTrue(store.info().summary().contains("password"));
      KeyStoreUnavailable e = assertThrows(KeyStoreUnavailable.class, () -> store.create(auth));
      assertTrue(String.valueOf(e.getMessage()).contains("tpm2_changeauth"), e.getMessage());
    } finally {
      two.tool("tpm2_changeauth", "-c", "owner", "-p", "secret");
    }
  }

  @Test
  void anOwnerPasswordThatCameLaterIsNamedToo() throws Exception {
    try (Secret auth = random32()) {
      MachineKey before = foreign().create(auth);
      byte[] blob = before.blob();
      before.close();
      two.tool("tpm2_changeauth", "-c", "owner", "secret");
      try {
        KeyStoreUnavailable e =
            assertThrows(KeyStoreUnavailable.class, () -> foreign().open(auth, blob));
        assertTrue(
            String.valueOf(e.getMessage()).contains("owner hierarchy has a password"),
            e.getMessage());
      } finally {
        two.tool("tpm2_changeauth", "-c", "owner", "-p", "secret");
      }
      foreign().open(auth, blob).close();
    }
  }

  @Test
  void aClearedTpmIsNoticedAndNothingIsDestroyed() throws Exception {
    try (Secret auth = random32()) {
      MachineKey before = foreign().create(auth);
      byte[] blob = before.blob();
      before.close();
      two.tool("tpm2_clear");
      KeyRefused e = assertThrows(KeyRefused.class, () -> foreign().open(auth, blob));
      assertTrue(String.valueOf(e.getMessage()).contains("cleared"), e.getMessage());
    }
  }
}
