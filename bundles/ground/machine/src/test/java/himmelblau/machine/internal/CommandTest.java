package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyOwner;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import himmelblau.testing.doubles.RecordingTerminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
  @TempDir private Path directory;
  private MachineFixture host;
  private MachineService service;
  private final RecordingTerminal terminal = new RecordingTerminal();

  @BeforeEach
  void begin() throws Exception {
    host = new MachineFixture(directory);
    CountDownLatch published = new CountDownLatch(1);
    service =
        new MachineService(
            host.stores,
            host.table,
            new MachineService.Settings(
                HsmType.TPM_BOUND_SOFT_IF_POSSIBLE, host.pinFile(), Duration.ofSeconds(5)),
            new MachineService.Publisher() {
              @Override
              public void publish(SwitchableMachine machine, Vault vault) {
                published.countDown();
              }

              @Override
              public void withdraw() {}
            });
    service.start();
    assertTrue(published.await(30, TimeUnit.SECONDS));
  }

  @AfterEach
  void end() throws Exception {
    service.stop();
    host.close();
  }

  private int run(String words) throws Exception {
    terminal.lines.clear();
    for (Command command : Command.all(service)) {
      if (words.startsWith(command.words())) {
        String rest = words.substring(command.words().length()).strip();
        return command.run(rest.isEmpty() ? List.of() : List.of(rest.split(" ")), terminal);
      }
    }
    throw new IllegalArgumentException(words);
  }

  @Test
  void watchersAreNotifiedOfChanges() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    Vault vault = service.vault();
    Vault.Watch watch = vault.watch("example.org/confidential/", heard::incrementAndGet);
    vault.watch(
        "example.org/",
        () -> {
          throw new IllegalStateException("a watcher that fails");
        });
    try (Secret value = Secret.ofText("x")) {
      storeBoth("example.org/confidential/", value);
      assertEquals(1, heard.get(), "key and value are one change");
      storeBoth("elsewhere.org/confidential/", value);
      vault.write("example.org/confidential/secret", value);
      assertEquals(2, heard.get());
      vault.delete("example.org/confidential/secret");
      assertEquals(3, heard.get());
      vault.deleteAll("");
      assertEquals(4, heard.get());
      watch.close();
      storeBoth("example.org/confidential/", value);
      assertEquals(4, heard.get());
    }
  }

  @Test
  void severalAreStoredTogetherOrNotAtAll() throws Exception {
    Vault vault = service.vault();
    WrappedKey key = service.machine().create(KeySpec.RSA_2048, null);
    try (Secret value = Secret.ofText("x");
        Secret closed = Secret.ofText("y")) {
      closed.close();
      assertThrows(
          IllegalStateException.class,
          () -> vault.writeAll(Map.of("a", value, "b", closed), Map.of("c", key)));
      assertEquals(List.of(), vault.names(""));
      vault.writeAll(Map.of("a", value), Map.of("c", key));
      assertEquals(List.of("a", "c"), vault.names(""));
    }
  }

  private void storeBoth(String prefix, Secret value) throws Exception {
    WrappedKey key = service.machine().create(KeySpec.RSA_2048, null);
    service.vault().writeAll(Map.of(prefix + "value", value), Map.of(prefix + "key", key));
  }

  @Test
  void wrongUsageIsExplainedAndChangesNothing() throws Exception {
    for (String words : new String[] {"hsm migrate", "hsm migrate --to nonsense", "tpm --what x"}) {
      assertEquals(2, run(words), words);
      assertTrue(terminal.text().contains("Usage: aad-tool"), terminal.text());
    }
    assertEquals(List.of(), host.vault(service.machine()).names(""));
  }

  @Test
  void theTpmReportTellsTheTruth() throws Exception {
    assertEquals(0, run("tpm"));
    assertEquals("Himmelblau TPM state: No TPM detected", terminal.lines.get(0));
    assertTrue(
        terminal.text().contains("can be opened with the HSM PIN file alone"), terminal.text());
    assertTrue(terminal.text().contains("himmelblau.hsm.tpm is not installed"), terminal.text());
    assertFalse(terminal.text().contains("PINs:"), terminal.text());
    FakeTpm tpm = new FakeTpm(1);
    host.install(tpm);
    tpm.present = false;
    run("tpm");
    assertEquals("Himmelblau TPM state: No TPM detected", terminal.lines.get(0));
    tpm.present = true;
    run("tpm");
    assertEquals("Himmelblau TPM state: TPM not in use", terminal.lines.get(0));
    try (Secret pin = Secret.ofText("271828")) {
      WrappedKey hello = service.machine().create(KeySpec.HMAC_SHA256, pin);
      service.ownerAdded(() -> List.of(new KeyOwner.Kept("ada@example.org", hello)));
    }
    run("tpm");
    assertTrue(terminal.text().contains("PINs: 1 in the store \"soft\""), terminal.text());
    assertEquals(0, run("hsm migrate --to tpm_bound_soft_if_possible"));
    run("tpm");
    assertEquals("Himmelblau TPM state: Soft HSM, but HSM PIN is TPM-bound", terminal.lines.get(0));
    assertTrue(terminal.text().contains("can be opened only with machine key"), terminal.text());
    assertEquals(0, run("hsm migrate --to tpm"));
    run("tpm");
    assertEquals("Himmelblau TPM state: TPM in use", terminal.lines.get(0));
    tpm.present = false;
    run("tpm");
    assertEquals("Himmelblau TPM state: TPM configured but NOT reachable", terminal.lines.get(0));
  }

  @Test
  void migrationSaysWhatBecomesOfPins() throws Exception {
    try (Secret pin = Secret.ofText("271828")) {
      WrappedKey soft = service.machine().create(KeySpec.RSA_2048, pin);
      WrappedKey nowhere =
          new WrappedKey("tpm", KeySpec.RSA_2048, true, TaggedBlob.tag(9, new byte[9]));
      service.ownerAdded(
          () ->
              List.of(
                  new KeyOwner.Kept("eve@example.org", nowhere),
                  new KeyOwner.Kept("ada@example.org", soft)));
      FakeTpm tpm = new FakeTpm(1);
      host.install(tpm);
      assertEquals(0, run("hsm migrate --to tpm --dry-run"));
      assertTrue(
          terminal.text().contains("moves at the next PIN sign-in of ada@example.org"),
          terminal.text());
      assertTrue(
          terminal
              .text()
              .contains("Must be enrolled again:\n  PIN of eve@example.org: its machine key"),
          terminal.text());
      assertFalse(terminal.text().contains("Nothing must be enrolled"), terminal.text());
      tpm.takesKeys = false;
      assertEquals(0, run("hsm migrate --to tpm --dry-run"));
      assertTrue(
          terminal
              .text()
              .contains("PIN of ada@example.org: cannot move from the store \"soft\" to \"tpm\""),
          terminal.text());
    }
  }

  @Test
  void migrationIsRehearsedThenDone() throws Exception {
    try (Secret value = Secret.ofText("x")) {
      storeBoth("example.org/confidential/", value);
    }
    assertEquals(1, run("hsm migrate --to tpm"));
    assertTrue(terminal.text().contains("himmelblau.hsm.tpm is not installed"), terminal.text());
    host.install(new FakeTpm(1));
    assertEquals(0, run("hsm migrate --to tpm --dry-run"));
    assertTrue(terminal.text().contains("example.org/confidential/key"), terminal.text());
    assertTrue(terminal.text().contains("nothing was changed"), terminal.text());
    assertEquals("soft", host.current().store());
    assertEquals(0, run("hsm migrate --to tpm"));
    assertTrue(terminal.text().contains("Now set hsm_type = tpm"), terminal.text());
    assertEquals("tpm", host.current().store());
    assertEquals("tpm", service.machine().store());
    assertFalse(service.machine().suspended());
    try (Key key =
        service
            .machine()
            .load(
                host.vault(service.machine()).readKey("example.org/confidential/key").orElseThrow(),
                null)) {
      assertEquals(256, key.sign(new byte[1]).length);
    }
  }
}
