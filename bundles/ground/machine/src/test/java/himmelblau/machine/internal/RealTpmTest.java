package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyPlace;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import himmelblau.contract.keystore.Swtpm;
import himmelblau.hsm.tpm.internal.TpmKeyStore;
import himmelblau.testing.doubles.RecordingTerminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What the fake TPM promises, with swtpm in its place. */
@EnabledIf("installed")
class RealTpmTest {
  @TempDir private Path directory;
  private Swtpm swtpm;
  private MachineFixture host;
  private final Secret pin = Secret.ofText("271828");

  static boolean installed() {
    return Swtpm.installed();
  }

  @BeforeEach
  void begin() throws Exception {
    swtpm = Swtpm.start(Files.createDirectory(directory.resolve("tpm")));
    host = new MachineFixture(Files.createDirectory(directory.resolve("host")));
  }

  @AfterEach
  void end() throws Exception {
    host.close();
    swtpm.close();
  }

  private static KeyStore tpm(Swtpm swtpm) {
    return TpmKeyStore.at(swtpm.tcti());
  }

  private void signsIn(HsmType type, WrappedKey hello) throws Exception {
    Machine machine = host.start(type);
    try (Key key = machine.load(hello, pin)) {
      assertEquals(256, key.sign(new byte[3]).length);
    }
  }

  private String refused(HsmType type) {
    return assertThrows(MachineRefused.class, () -> host.start(type)).reason();
  }

  @Test
  void aSoftEnrolmentSurvivesBeingBoundAndBeingMoved() throws Exception {
    WrappedKey hello;
    Machine soft = host.start(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE);
    hello = soft.create(KeySpec.RSA_2048, pin);
    host.vault(soft).writeKey("d/transport", soft.create(KeySpec.RSA_2048, null));
    host.vault(soft).writeKey("d/ec", soft.create(KeySpec.EC_P256, null));
    host.vault(soft).writeKey("d/hmac", soft.create(KeySpec.HMAC_SHA256, null));
    host.install(tpm(swtpm));
    signsIn(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE, hello);
    assertTrue(host.current().openedBy().isPresent());
    signsIn(HsmType.TPM, hello);
    Machine moved = host.start(HsmType.TPM);
    for (String name : new String[] {"d/transport", "d/ec", "d/hmac"}) {
      WrappedKey key = host.vault(moved).readKey(name).orElseThrow();
      assertEquals("tpm", key.store(), name);
      moved.load(key, null).close();
    }
    swtpm.stop();
    assertTrue(refused(HsmType.TPM).contains("cannot be used now"));
    assertTrue(refused(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE).contains("cannot be used now"));
    swtpm.start();
    signsIn(HsmType.TPM, hello);
  }

  @Test
  void aPinsKeyIsTakenIntoTheTpmUnderItsPin() throws Exception {
    Machine soft = host.start(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE);
    WrappedKey hello = soft.create(KeySpec.RSA_2048, pin);
    assertEquals(KeyPlace.CURRENT, soft.place(hello));
    PublicKey registered;
    try (Key key = soft.load(hello, pin)) {
      registered = key.publicKey();
    }
    host.install(tpm(swtpm));
    Machine machine = host.start(HsmType.TPM);
    assertEquals(KeyPlace.MOVABLE, machine.place(hello));
    WrappedKey moved;
    try (Secret wrong = Secret.ofText("314159")) {
      assertThrows(WrongPin.class, () -> machine.export(hello, wrong));
      assertThrows(WrongPin.class, () -> machine.export(hello, null));
      try (Secret material = machine.export(hello, pin).orElseThrow()) {
        moved = machine.importKey(KeySpec.RSA_2048, material, pin).orElseThrow();
      }
      assertThrows(WrongPin.class, () -> machine.load(moved, wrong));
    }
    assertEquals("tpm", moved.store());
    assertEquals(KeyPlace.CURRENT, machine.place(moved));
    byte[] data = {1, 2, 3};
    try (Key key = host.start(HsmType.TPM).load(moved, pin)) {
      assertEquals(registered, key.publicKey());
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(registered);
      verifier.update(data);
      assertTrue(verifier.verify(key.sign(data)));
    }
    assertTrue(machine.export(moved, pin).isEmpty(), "it never leaves the TPM again");
    assertEquals("", swtpm.tool("tpm2_getcap", "handles-transient").strip());
  }

  @Test
  void aCopyOnAnotherMachineIsUselessAndTheOriginalWorks() throws Exception {
    host.install(tpm(swtpm));
    for (HsmType type : new HsmType[] {HsmType.TPM_BOUND_SOFT_IF_POSSIBLE, HsmType.TPM}) {
      WrappedKey hello = host.start(type).create(KeySpec.RSA_2048, pin);
      Path copy = directory.resolve("copy-" + type);
      Files.createDirectory(copy);
      for (String name : new String[] {"cache.db", "hsm-pin"}) {
        Files.copy(
            host.directory.resolve(name), copy.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
      }
      try (Swtpm other = Swtpm.start(Files.createDirectory(directory.resolve("other-" + type)));
          MachineFixture thief = new MachineFixture(copy)) {
        thief.install(tpm(other));
        String reason = assertThrows(MachineRefused.class, () -> thief.start(type)).reason();
        assertTrue(reason.contains("another TPM"), reason);
        assertTrue(reason.contains("nothing was changed"), reason);
      }
      signsIn(type, hello);
    }
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    Machine soft = host.start(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE);
    host.vault(soft).writeKey("d/transport", soft.create(KeySpec.RSA_2048, null));
    WrappedKey hello = soft.create(KeySpec.RSA_2048, pin);
    host.vault(soft).writeKey("hello/x", hello);
    host.install(tpm(swtpm));
    var before = host.table.rows();
    MachineKeyOpener.Move move = host.opener().rehearse(HsmType.TPM);
    assertEquals(List.of("d/transport"), move.vaultMigration().moved());
    assertTrue(
        move.vaultMigration().stayed().get(0).startsWith("hello/x"),
        "" + move.vaultMigration().stayed());
    move.machines().retire();
    assertEquals(
        before.stream().map(KeyRow::id).toList(),
        host.table.rows().stream().map(KeyRow::id).toList());
    assertEquals("soft", host.current().store());
    assertEquals("", swtpm.tool("tpm2_getcap", "handles-transient").strip());
    host.opener().commit(host.opener().rehearse(HsmType.TPM)).machines().retire();
    assertEquals("tpm", host.current().store());
    signsIn(HsmType.TPM, hello);
  }

  /** As a running service tells it, which opens the keys that there are if they open. */
  private List<String> report(HsmType type) throws Exception {
    RecordingTerminal terminal = new RecordingTerminal();
    CountDownLatch opened = new CountDownLatch(1);
    var service =
        new MachineService(
            host.stores,
            host.table,
            new MachineService.Settings(type, host.pinFile(), Duration.ofMillis(50)),
            new MachineService.Publisher() {
              @Override
              public void publish(SwitchableMachine machine, Vault vault) {
                opened.countDown();
              }

              @Override
              public void refuse() {
                opened.countDown();
              }

              @Override
              public void withdraw() {}
            });
    if (!host.table.rows().isEmpty()) {
      service.start();
      assertTrue(opened.await(30, TimeUnit.SECONDS));
    }
    try {
      assertEquals(0, new TpmCommand(service).run(List.of(), terminal));
    } finally {
      service.stop();
    }
    return terminal.lines;
  }

  /** Headline and details, as an administrator reads them. */
  @Test
  void theReportOnARealTpm() throws Exception {
    host.install(tpm(swtpm));
    String unused = String.join("\n", report(HsmType.TPM));
    assertTrue(unused.startsWith("Himmelblau TPM state: TPM not in use\n"), unused);
    assertTrue(unused.contains("Manufacturer: IBM"), unused);
    assertTrue(unused.contains("firmware: "), unused);
    assertTrue(unused.contains("0 of 3 wrong attempts counted, one is forgotten every"), unused);
    host.start(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE);
    String bound = String.join("\n", report(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE));
    assertTrue(
        bound.startsWith("Himmelblau TPM state: Soft HSM, but HSM PIN is TPM-bound\n"), bound);
    host.start(HsmType.TPM);
    assertEquals("Himmelblau TPM state: TPM in use", report(HsmType.TPM).get(0));
    swtpm.lockOut();
    String locked = String.join("\n", report(HsmType.TPM));
    assertTrue(locked.startsWith("Himmelblau TPM state: TPM in use\n"), locked);
    assertTrue(locked.contains("Lockout: in lockout after too many wrong attempts"), locked);
    swtpm.tool("tpm2_changeauth", "-c", "owner", "secret");
    String owned = String.join("\n", report(HsmType.TPM));
    assertTrue(owned.contains("tpm2_changeauth -c owner -p OLD-PASSWORD"), owned);
    swtpm.kill();
    String gone = String.join("\n", report(HsmType.TPM));
    assertTrue(gone.startsWith("Himmelblau TPM state: TPM configured but NOT reachable\n"), gone);
    assertTrue(gone.contains("tpm_tcti_name = swtpm:"), gone);
  }

  @Test
  void aClearedTpmIsNamed() throws Exception {
    host.install(tpm(swtpm));
    host.start(HsmType.TPM);
    swtpm.tool("tpm2_clear");
    host.install(tpm(swtpm));
    assertTrue(refused(HsmType.TPM).contains("cleared"));
    assertEquals(Map.of(1L, "tpm"), Map.of(host.current().id(), host.current().store()));
  }
}
