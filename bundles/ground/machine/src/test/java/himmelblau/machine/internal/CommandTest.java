package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyOwner;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
  private static final String CLIENT = "d3590ed6-52b3-4102-aeff-aad2292ab01c";

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
  void aCertificateIsMadeWithAKeyThatStays() throws Exception {
    assertEquals(
        0,
        run(
            "cred cert --client-id "
                + CLIENT
                + " --domain Example.org --valid-days 30 --cert-out -"));
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(terminal.text().getBytes(StandardCharsets.US_ASCII)));
    certificate.verify(certificate.getPublicKey());
    assertEquals("CN=" + CLIENT, certificate.getSubjectX500Principal().getName());
    assertEquals("SHA256withRSA", certificate.getSigAlgName());
    assertEquals(1, certificate.getSerialNumber().intValueExact());
    Duration valid = Duration.between(Instant.now(), certificate.getNotAfter().toInstant());
    assertEquals(29, valid.toDays());
    SqlVault vault = host.vault(service.machine());
    try (Secret kept = vault.read("example.org/confidential/certificate").orElseThrow();
        Key key =
            service
                .machine()
                .load(vault.readKey("example.org/confidential/key").orElseThrow(), null)) {
      assertTrue(kept.matches(Secret.taking(certificate.getEncoded())));
      assertEquals(certificate.getPublicKey(), key.publicKey());
    }
  }

  @Test
  void credentialsAreListedAndDeleted() throws Exception {
    run("cred list --domain example.org");
    assertEquals("Client secret: Not present\nClient certificate: Not present", terminal.text());
    assertEquals(
        0, run("cred secret --client-id " + CLIENT + " --domain example.org --secret s3\"cr\\et"));
    assertEquals("", terminal.text());
    run("cred list --domain example.org");
    assertEquals("Client secret: Present\nClient certificate: Not present", terminal.text());
    SqlVault vault = host.vault(service.machine());
    try (Secret kept = vault.read("example.org/confidential/secret").orElseThrow()) {
      assertEquals(
          "{\"client_id\":\"" + CLIENT + "\",\"secret\":\"s3\\\"cr\\\\et\"}", kept.revealText());
    }
    assertEquals(0, run("cred delete --domain example.org --cert"));
    assertTrue(vault.read("example.org/confidential/secret").isPresent());
    assertEquals(0, run("cred delete --domain example.org"));
    assertEquals(List.of(), vault.names(""));
  }

  @Test
  void usersOfACredentialAreNotifiedOfChanges() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    Vault vault = service.vault();
    Vault.Watch watch = vault.watch("example.org/confidential/", heard::incrementAndGet);
    vault.watch(
        "example.org/",
        () -> {
          throw new IllegalStateException("a watcher that fails");
        });
    String certificate = "cred cert --client-id x --valid-days 30 --cert-out - --domain ";
    assertEquals(0, run(certificate + "example.org"));
    assertEquals(1, heard.get(), "key and certificate are one change");
    assertEquals(0, run(certificate + "elsewhere.org"));
    assertEquals(0, run("cred secret --client-id x --domain example.org --secret y"));
    assertEquals(2, heard.get());
    assertEquals(0, run("cred delete --domain example.org --secret"));
    assertEquals(3, heard.get());
    vault.deleteAll("");
    assertEquals(4, heard.get());
    watch.close();
    assertEquals(0, run(certificate + "example.org"));
    assertEquals(4, heard.get());
  }

  @Test
  void aSecretCanBeTyped() throws Exception {
    assertEquals(0, run("cred secret --client-id " + CLIENT + " --domain example.org --secret=-"));
    try (Secret kept =
        host.vault(service.machine()).read("example.org/confidential/secret").orElseThrow()) {
      assertTrue(kept.revealText().contains("typed secret"));
    }
  }

  @Test
  void wrongUsageIsExplainedAndChangesNothing() throws Exception {
    for (String words :
        new String[] {
          "cred cert --client-id x --domain example.org --valid-days 0 --cert-out -",
          "cred cert --client-id x --domain example.org --valid-days 1 --cert-out /root/x",
          "cred cert --client-id x/../y --domain example.org --valid-days 1 --cert-out -",
          "cred cert --domain example.org",
          "cred secret --client-id x --domain ../etc --secret y",
          "cred secret --client-id x --domain example.org --secret",
          "cred list",
          "cred list --domain example.org --nonsense x",
          "cred list --domain a --domain b",
          "cred list example.org",
          "hsm migrate",
          "hsm migrate --to nonsense",
          "tpm --what x"
        }) {
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
    run("cred cert --client-id x --domain example.org --valid-days 30 --cert-out -");
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
