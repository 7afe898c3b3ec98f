package himmelblau.hsm.tpm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.contract.keystore.Swtpm;
import himmelblau.hsm.envelope.PinStretch;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Wrong PINs against a TPM with factory settings: three wrong attempts lock it. */
@EnabledIf("installed")
class LockoutTest {
  @TempDir private Path directory;

  static boolean installed() {
    return Swtpm.installed();
  }

  private static Secret auth() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Secret.taking(bytes);
  }

  @Test
  void lockoutStopsPinsAndNothingElseAndIsExplained() throws Exception {
    try (Swtpm swtpm = Swtpm.start(directory);
        Secret auth = auth();
        Secret pin = Secret.ofText("271828");
        Secret plain = Secret.ofText("kept")) {
      TpmKeyStore store = new TpmKeyStore(swtpm.tcti());
      try (MachineKey machine = store.create(auth)) {
        WrappedKey guarded = machine.create(KeySpec.EC_P256, pin);
        WrappedKey open = machine.create(KeySpec.EC_P256, null);
        byte[] sealed = machine.seal(plain, "label");
        swtpm.lockOut();
        KeyStoreUnavailable e =
            assertThrows(KeyStoreUnavailable.class, () -> machine.load(guarded, pin));
        assertTrue(String.valueOf(e.getMessage()).contains("lockout"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("at most"), e.getMessage());
        assertTrue(String.join("", store.info().details()).contains("in lockout"));
        try (Key key = machine.load(open, null);
            MachineKey again = store.open(auth, machine.blob());
            Secret clear = again.unseal(sealed, "label")) {
          assertEquals(64, key.sign(new byte[1]).length);
          assertTrue(clear.matches(plain));
        }
        swtpm.tool("tpm2_dictionarylockout", "--clear-lockout");
        swtpm.tool("tpm2_dictionarylockout", "--setup-parameters", "--max-tries=3");
        machine.load(guarded, pin).close();
      }
    }
  }

  /** So many that the TPM sees some; PINs cost next to nothing here. */
  @Test
  void wrongPinsNeverLockTheTpm() throws Exception {
    try (Swtpm swtpm = Swtpm.start(directory);
        Secret auth = auth();
        Secret pin = Secret.ofText("271828");
        MachineKey machine =
            TpmMachine.create(
                new TpmDevice(swtpm.tcti()), auth, () -> new PinStretch(new byte[16], 8, 1))) {
      WrappedKey guarded = machine.create(KeySpec.HMAC_SHA256, pin);
      KeyStoreUnavailable spared = null;
      for (int i = 0; i < 8000 && spared == null; i++) {
        try (Secret wrong = Secret.ofText("wrong" + i)) {
          machine.load(guarded, wrong).close();
          throw new AssertionError("a wrong PIN opened the key");
        } catch (WrongPin e) {
          // told apart in software, or by the TPM
        } catch (KeyStoreUnavailable e) {
          spared = e;
        }
      }
      assertNotNull(spared, "no wrong PIN got as far as the TPM");
      assertTrue(String.valueOf(spared.getMessage()).contains("2 wrong attempts of 3"));
      assertThrows(KeyStoreUnavailable.class, () -> machine.load(guarded, pin));
      assertFalse(
          String.join("", new TpmKeyStore(swtpm.tcti()).info().details()).contains("in lockout"));
      swtpm.tool("tpm2_dictionarylockout", "--clear-lockout");
      machine.load(guarded, pin).close();
    }
  }

  @Test
  void theLastAttemptIsLeftToOthers() throws Exception {
    new Lockout(false, 1, 3, 1000).requireAttempt();
    new Lockout(false, 0, 1, 1000).requireAttempt();
    KeyStoreUnavailable spared =
        assertThrows(
            KeyStoreUnavailable.class, () -> new Lockout(false, 2, 3, 1000).requireAttempt());
    assertTrue(String.valueOf(spared.getMessage()).contains("16 minutes"), spared.getMessage());
    KeyStoreUnavailable forEver =
        assertThrows(KeyStoreUnavailable.class, () -> new Lockout(true, 3, 3, 0).requireAttempt());
    assertTrue(
        String.valueOf(forEver.getMessage()).contains("--clear-lockout"), forEver.getMessage());
  }
}
