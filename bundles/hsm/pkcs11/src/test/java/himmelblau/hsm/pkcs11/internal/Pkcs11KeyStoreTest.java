package himmelblau.hsm.pkcs11.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.secret.Secret;
import himmelblau.contract.keystore.KeyStoreContract;
import himmelblau.hsm.soft.internal.SoftKeyStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** On two tokens of SoftHSM. */
@EnabledIf("installed")
class Pkcs11KeyStoreTest extends KeyStoreContract {
  private static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  @TempDir private static Path directory;
  private static String slotOne;
  private static String slotTwo;
  private static String slotThree; // never logged in to: a login is good for the whole process

  interface LibC extends Library {
    int setenv(String name, String value, int overwrite);
  }

  static boolean installed() {
    return Files.exists(MODULE);
  }

  @BeforeAll
  static void makeTokens() throws Exception {
    Path conf = directory.resolve("softhsm2.conf");
    Files.writeString(
        conf,
        "directories.tokendir = "
            + Files.createDirectory(directory.resolve("tokens"))
            + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    Native.load("c", LibC.class).setenv("SOFTHSM2_CONF", conf.toString(), 1);
    slotOne = makeToken(conf, "one");
    slotTwo = makeToken(conf, "two");
    slotThree = makeToken(conf, "three");
    pin("pin", "987654\n", "rw-------");
  }

  private static Path pin(String name, String text, String mode) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }

  private static String makeToken(Path conf, String label) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            label,
            "--pin",
            "987654",
            "--so-pin",
            "12345678");
    builder.environment().put("SOFTHSM2_CONF", conf.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    Matcher slot = Pattern.compile("reassigned to slot (\\d+)").matcher(output);
    assertTrue(slot.find(), output);
    return slot.group(1);
  }

  private static KeyStore store(String module, String slot, Path pin) {
    return new Pkcs11KeyStore(new Token.Settings(module, slot, pin.toString()), new SoftKeyStore());
  }

  @Override
  protected KeyStore store() {
    return store(MODULE.toString(), slotOne, directory.resolve("pin"));
  }

  @Override
  protected KeyStore foreign() {
    return store(MODULE.toString(), slotTwo, directory.resolve("pin"));
  }

  private static String unavailable(KeyStore store) {
    assertFalse(store.info().usable());
    try (Secret auth = random32()) {
      return String.valueOf(
          assertThrows(KeyStoreUnavailable.class, () -> store.create(auth)).getMessage());
    }
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Path pin = directory.resolve("pin");
    assertTrue(unavailable(store("", "", pin)).contains("pkcs11_module is not set"));
    assertTrue(unavailable(store("/nowhere.so", "", pin)).contains("cannot be read"));
    assertTrue(unavailable(store(MODULE.toString(), "4711", pin)).contains("cannot be opened"));
    Path wrong = pin("wrong", "111111", "rw-------");
    assertTrue(
        unavailable(store(MODULE.toString(), slotThree, wrong)).contains("cannot be opened"));
    Path open = pin("open", "987654", "rw-r--r--");
    assertTrue(unavailable(store(MODULE.toString(), slotThree, open)).contains("chmod 0600"));
    Path none = directory.resolve("none");
    assertTrue(unavailable(store(MODULE.toString(), slotThree, none)).contains("cannot be read"));
  }

  @Test
  void withTheAuthValueButWithoutTheTokenNothingOpens() throws Exception {
    try (Secret auth = random32();
        MachineKey machine = store().create(auth)) {
      Exception e = assertThrows(KeyRefused.class, () -> foreign().open(auth, machine.blob()));
      assertTrue(String.valueOf(e.getMessage()).contains("another token"), e.getMessage());
    }
  }
}
