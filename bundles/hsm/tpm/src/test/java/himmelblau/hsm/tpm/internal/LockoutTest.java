package himmelblau.hsm.tpm.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.contract.keystore.Swtpm;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Wrong PINs against a TPM as it leaves the factory: three wrong attempts lock it. */
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
      try (Machine machine = store.create(auth)) {
        WrappedKey guarded = machine.create(KeySpec.EC_P256, pin);
        WrappedKey open = machine.create(KeySpec.EC_P256, null);
        byte[] sealed = machine.seal(plain, "label");
        swtpm.tool("tpm2_dictionarylockout", "--setup-parameters", "--max-tries=1");
        swtpm.tool(
            "tpm2_createprimary",
            "-C",
            "o",
            "-G",
            "ecc",
            "-p",
            "x",
            "-a",
            "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|decrypt",
            "-c",
            directory.resolve("p.ctx").toString(),
            "-Q");
        assertThrows(
            IOException.class,
            () ->
                swtpm.tool(
                    "tpm2_create",
                    "-C",
                    directory.resolve("p.ctx").toString(),
                    "-P",
                    "y",
                    "-G",
                    "ecc",
                    "-u",
                    directory.resolve("u").toString(),
                    "-r",
                    directory.resolve("r").toString()));
        KeyStoreUnavailable e =
            assertThrows(KeyStoreUnavailable.class, () -> machine.load(guarded, pin));
        assertTrue(String.valueOf(e.getMessage()).contains("lockout"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("at most"), e.getMessage());
        assertTrue(String.join("", store.info().details()).contains("in lockout"));
        try (Key key = machine.load(open, null);
            Machine again = store.open(auth, machine.blob());
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

  @Test
  void wrongPinsNeverLockTheTpm() throws Exception {
    try (Swtpm swtpm = Swtpm.start(directory);
        Secret auth = auth();
        Secret pin = Secret.ofText("271828")) {
      TpmKeyStore store = new TpmKeyStore(swtpm.tcti());
      try (Machine machine = store.create(auth)) {
        WrappedKey guarded = machine.create(KeySpec.HMAC_SHA256, pin);
        for (int i = 0; i < 12; i++) {
          try (Secret wrong = Secret.ofText("00000" + i)) {
            assertThrows(WrongPin.class, () -> machine.load(guarded, wrong));
          }
        }
        machine.load(guarded, pin).close();
        assertFalse(String.join("", store.info().details()).contains("in lockout"));
      }
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
