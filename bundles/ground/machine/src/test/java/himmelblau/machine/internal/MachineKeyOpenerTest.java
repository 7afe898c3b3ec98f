package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The four values of hsm_type, with a TPM that is added and removed in every state. */
class MachineKeyOpenerTest {
  private static final HsmType DEFAULT = HsmType.TPM_BOUND_SOFT_IF_POSSIBLE;

  @TempDir private Path directory;
  private MachineFixture host;
  private final FakeTpm tpm = new FakeTpm(1);
  private final Secret pin = Secret.ofText("271828");
  private WrappedKey hello;
  private byte[] sealed;

  @BeforeEach
  void begin() throws Exception {
    host = new MachineFixture(directory);
  }

  @AfterEach
  void end() throws Exception {
    host.close();
  }

  private void enrol(HsmType type) throws Exception {
    Machine machine = host.start(type);
    hello = machine.create(KeySpec.EC_P256, pin);
    try (Secret value = Secret.ofText("a refresh token");
        Key key = machine.load(hello, pin)) {
      sealed = key.seal(value, "renewal");
      host.vault(machine).write("entra/example.org/thing", value);
      host.vault(machine)
          .writeKey("entra/example.org/transport", machine.create(KeySpec.RSA_2048, null));
      host.vault(machine).writeKey("hello/someone", hello);
    }
  }

  private Machine signsIn(HsmType type) throws Exception {
    Machine machine = host.start(type);
    try (Key key = machine.load(hello, pin);
        Secret value = key.unseal(sealed, "renewal");
        Secret kept = host.vault(machine).read("entra/example.org/thing").orElseThrow();
        Key transport =
            machine.load(
                host.vault(machine).readKey("entra/example.org/transport").orElseThrow(), null)) {
      assertTrue(value.matches(kept));
      assertEquals(256, transport.sign(new byte[1]).length);
    }
    return machine;
  }

  /** Everything that must not change when something is refused. */
  private Map<Long, String> state() {
    return host.table.rows().stream()
        .collect(
            Collectors.toMap(
                KeyRow::id,
                row ->
                    row.store()
                        + row.current()
                        + row.openedBy()
                        + List.of(java.util.Arrays.hashCode(row.blob()))));
  }

  private String refused(HsmType type) {
    Map<Long, String> before = state();
    String reason = assertThrows(MachineRefused.class, () -> host.start(type)).reason();
    assertEquals(before, state());
    return reason;
  }

  @Test
  void withoutATpmTheDefaultIsSoft() throws Exception {
    tpm.present = false;
    host.install(tpm);
    enrol(DEFAULT);
    assertEquals("soft", signsIn(DEFAULT).store());
    assertTrue(host.current().openedBy().isEmpty());
  }

  @Test
  void withATpmTheDefaultIsBoundToIt() throws Exception {
    host.install(tpm);
    enrol(DEFAULT);
    assertEquals("soft", signsIn(DEFAULT).store());
    assertTrue(host.current().openedBy().isPresent());
    tpm.present = false;
    assertTrue(refused(DEFAULT).contains("no fallback"));
    tpm.present = true;
    signsIn(DEFAULT);
  }

  @Test
  void aSoftEnrolmentIsBoundWhenATpmAppears() throws Exception {
    enrol(DEFAULT);
    byte[] before = host.current().blob();
    host.install(tpm);
    signsIn(DEFAULT);
    assertTrue(host.current().openedBy().isPresent());
    assertFalse(java.util.Arrays.equals(before, host.current().blob()));
    signsIn(DEFAULT);
  }

  @Test
  void tpmMeansTpm() throws Exception {
    tpm.present = false;
    host.install(tpm);
    assertTrue(refused(HsmType.TPM).contains("No TPM detected"));
    assertTrue(host.table.rows().isEmpty());
    tpm.present = true;
    enrol(HsmType.TPM);
    assertEquals("tpm", signsIn(HsmType.TPM).store());
    tpm.present = false;
    assertTrue(refused(HsmType.TPM).contains("no fallback"));
  }

  @Test
  void aPluginsStoreIsUsedOrNone() throws Exception {
    HsmType type = HsmType.parse("plugin:vendor");
    String refused = refused(type);
    assertTrue(refused.contains("\"vendor\"") && refused.contains("of the plug-in"), refused);
    assertFalse(host.pinFile().exists(), "nothing is made before it can be used");
    FakeTpm vendor = new FakeTpm(7, "vendor");
    host.install(vendor);
    enrol(type);
    assertEquals("vendor", signsIn(type).store());
    vendor.present = false;
    assertTrue(refused(type).contains("no fallback"));
  }

  @Test
  void softStateIsNotUsedAgainstAPluginsStore() throws Exception {
    enrol(DEFAULT);
    HsmType type = HsmType.parse("plugin:vendor");
    FakeTpm vendor = new FakeTpm(7, "vendor");
    vendor.present = false;
    host.install(vendor);
    assertTrue(refused(type).contains("not used because of that setting"));
    vendor.present = true;
    assertEquals("vendor", signsIn(type).store());
  }

  @Test
  void tpmWithoutItsBundleSaysWhichOne() {
    assertTrue(refused(HsmType.TPM).contains("himmelblau.hsm.tpm"));
    assertFalse(host.pinFile().exists(), "nothing is made before it can be used");
  }

  @Test
  void tpmIfPossibleFallsBackOnlyWhileNoTpmWasUsed() throws Exception {
    tpm.present = false;
    host.install(tpm);
    enrol(HsmType.TPM_IF_POSSIBLE);
    assertEquals("soft", signsIn(HsmType.TPM_IF_POSSIBLE).store());
    tpm.present = true;
    assertEquals("tpm", signsIn(HsmType.TPM_IF_POSSIBLE).store());
    tpm.present = false;
    String reason = refused(HsmType.TPM_IF_POSSIBLE);
    assertTrue(reason.contains("no fallback"), reason);
    tpm.present = true;
    assertEquals("tpm", signsIn(HsmType.TPM_IF_POSSIBLE).store());
  }

  @Test
  void movingToTheTpmTakesKeysAndValuesAlongAndLeavesPinsWorking() throws Exception {
    enrol(DEFAULT);
    host.install(tpm);
    Machine machine = signsIn(HsmType.TPM);
    assertEquals("tpm", machine.store());
    SqlVault vault = host.vault(machine);
    assertEquals("tpm", vault.readKey("entra/example.org/transport").orElseThrow().store());
    assertEquals("soft", vault.readKey("hello/someone").orElseThrow().store());
    assertTrue(
        host.table.rows().stream()
            .filter(row -> row.store().equals("soft"))
            .allMatch(row -> row.openedBy().isPresent()),
        "the old soft key opens with the TPM only");
    signsIn(HsmType.TPM);
  }

  @Test
  void whatTheTpmDoesNotTakeStaysUsable() throws Exception {
    tpm.takesKeys = false;
    enrol(DEFAULT);
    host.install(tpm);
    Machine machine = signsIn(HsmType.TPM);
    assertEquals(
        "soft", host.vault(machine).readKey("entra/example.org/transport").orElseThrow().store());
  }

  @Test
  void neverMovesToSomethingWeakerByItself() throws Exception {
    host.install(tpm);
    enrol(HsmType.TPM);
    MachineKeyOpener.Result result = host.opener().open(DEFAULT);
    assertEquals("tpm", result.store());
    assertTrue(result.troubles().get(0).contains("hsm migrate"), result.troubles().toString());
  }

  @Test
  void softStateIsNotUsedAgainstHsmTypeTpm() throws Exception {
    enrol(DEFAULT);
    tpm.present = false;
    host.install(tpm);
    assertTrue(refused(HsmType.TPM).contains("not used because of that setting"));
    signsIn(DEFAULT);
  }

  @Test
  void onAnotherMachineNothingOpensAndNothingIsLost() throws Exception {
    host.install(tpm);
    enrol(DEFAULT);
    host.install(new FakeTpm(2));
    String reason = refused(DEFAULT);
    assertTrue(reason.contains("another TPM"), reason);
    host.install(tpm);
    signsIn(DEFAULT);
  }

  @Test
  void theHsmPinIsNeverRecreated() throws Exception {
    enrol(DEFAULT);
    Path file = directory.resolve("hsm-pin");
    Path saved = directory.resolve("saved");
    Files.move(file, saved);
    assertTrue(refused(DEFAULT).contains("is missing"));
    assertFalse(Files.exists(file));
    host.pinFile().create();
    assertTrue(refused(DEFAULT).contains("replaced or changed"));
    Files.writeString(file, "");
    assertTrue(refused(DEFAULT).contains("is empty"));
    Files.move(saved, file, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    assertTrue(refused(DEFAULT).contains("chmod 0600"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    signsIn(DEFAULT);
  }

  @Test
  void aPinFileThatIsThereAlreadyIsUsed() throws Exception {
    Files.writeString(directory.resolve("hsm-pin"), "an administrator's own passphrase");
    Files.setPosixFilePermissions(
        directory.resolve("hsm-pin"), PosixFilePermissions.fromString("rw-------"));
    enrol(DEFAULT);
    signsIn(DEFAULT);
    assertEquals(
        "an administrator's own passphrase", Files.readString(directory.resolve("hsm-pin")));
  }

  @Test
  void whileNoKeyExistsAPinFileThatCannotBeUsedIsMovedAside() throws Exception {
    Path file = directory.resolve("hsm-pin");
    Files.writeString(file, "0123456789abcdef0123456789abcdef0123456789abcdef");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    enrol(DEFAULT);
    signsIn(DEFAULT);
    assertEquals(
        "0123456789abcdef0123456789abcdef0123456789abcdef",
        Files.readString(directory.resolve("hsm-pin.unused-1")));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void theOldNameOfTheDefaultIsUnderstood() {
    assertEquals(DEFAULT, HsmType.parse("soft"));
    assertEquals(DEFAULT, HsmType.parse(""));
    assertEquals(DEFAULT, HsmType.parse("nonsense"));
    assertEquals(HsmType.TPM, HsmType.parse(" TPM "));
    assertFalse(HsmType.known("nonsense"));
    assertEquals(new HsmType("plugin:vendor-1", "vendor-1"), HsmType.parse("Plugin:vendor-1"));
    assertTrue(HsmType.parse("plugin:vendor-1").required());
    assertEquals(HsmType.TPM, HsmType.parse("plugin:tpm"));
    for (String none :
        new String[] {"plugin:", "plugin:-", "plugin:a b", "plugin", "vendor-1", "plugin:soft"}) {
      assertFalse(HsmType.known(none), none);
    }
  }
}
