package himmelblau.domain.entra.internal.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.secret.Secret;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import himmelblau.testing.doubles.RecordingTerminal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CredentialCommandTest {
  private static final String CLIENT = "d3590ed6-52b3-4102-aeff-aad2292ab01c";

  private final MemoryMachine machine = new MemoryMachine();
  private final MemoryVault vault = new MemoryVault();
  private final RecordingTerminal terminal = new RecordingTerminal();

  private int run(String command, String words) throws Exception {
    terminal.lines.clear();
    OpenCredentials credentials = new OpenCredentials(machine, vault);
    CredentialCommand found =
        switch (command) {
          case "cert" -> new CredCert(credentials);
          case "secret" -> new CredSecret(credentials);
          case "list" -> new CredList(credentials);
          case "delete" -> new CredDelete(credentials);
          default -> throw new IllegalArgumentException(command);
        };
    return found.run(words.isEmpty() ? List.of() : List.of(words.split(" ")), terminal);
  }

  @Test
  void aCertificateIsMadeWithAKeyThatStays() throws Exception {
    assertEquals(
        0,
        run(
            "cert",
            "--client-id " + CLIENT + " --domain Example.org --valid-days 30 --cert-out -"));
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
    try (Secret kept = vault.read("example.org/confidential/certificate").orElseThrow();
        Key key = machine.load(vault.readKey("example.org/confidential/key").orElseThrow(), null)) {
      assertTrue(kept.matches(Secret.taking(certificate.getEncoded())));
      assertEquals(certificate.getPublicKey(), key.publicKey());
    }
  }

  @Test
  void credentialsAreListedAndDeleted() throws Exception {
    run("list", "--domain example.org");
    assertEquals("Client secret: Not present\nClient certificate: Not present", terminal.text());
    assertEquals(
        0, run("secret", "--client-id " + CLIENT + " --domain example.org --secret s3\"cr\\et"));
    assertEquals("", terminal.text());
    run("list", "--domain example.org");
    assertEquals("Client secret: Present\nClient certificate: Not present", terminal.text());
    try (Secret kept = vault.read("example.org/confidential/secret").orElseThrow()) {
      assertEquals(
          "{\"client_id\":\"" + CLIENT + "\",\"secret\":\"s3\\\"cr\\\\et\"}", kept.revealText());
    }
    assertEquals(0, run("delete", "--domain example.org --cert"));
    assertTrue(vault.read("example.org/confidential/secret").isPresent());
    run("cert", "--client-id x --domain example.org --valid-days 30 --cert-out -");
    assertEquals(0, run("delete", "--domain example.org"));
    assertEquals(List.of(), vault.names(""));
  }

  @Test
  void aSecretCanBeTyped() throws Exception {
    assertEquals(0, run("secret", "--client-id " + CLIENT + " --domain example.org --secret=-"));
    try (Secret kept = vault.read("example.org/confidential/secret").orElseThrow()) {
      assertTrue(kept.revealText().contains("typed secret"));
    }
  }

  @Test
  void wrongUsageIsExplainedAndChangesNothing() throws Exception {
    for (String words :
        new String[] {
          "cert --client-id x --domain example.org --valid-days 0 --cert-out -",
          "cert --client-id x --domain example.org --valid-days 1 --cert-out /root/x",
          "cert --client-id x/../y --domain example.org --valid-days 1 --cert-out -",
          "cert --domain example.org",
          "secret --client-id x --domain ../etc --secret y",
          "secret --client-id x --domain example.org --secret",
          "list ",
          "list --domain example.org --nonsense x",
          "list --domain a --domain b",
          "list example.org"
        }) {
      String[] parts = words.split(" ", 2);
      assertEquals(2, run(parts[0], parts[1].strip()), words);
      assertTrue(terminal.text().contains("Usage: aad-tool cred "), terminal.text());
    }
    assertEquals(List.of(), vault.names(""));
  }

  @Test
  void withoutOpenKeysTheCommandSaysSo() throws Exception {
    List<String> words = List.of("--domain", "example.org");
    assertEquals(1, new CredList(new OpenCredentials(null, null)).run(words, terminal));
    assertEquals("! " + OpenCredentials.CLOSED, terminal.text());
    assertEquals(1, new CredDelete(new OpenCredentials(machine, null)).run(words, terminal));
    assertEquals(1, new CredList(new OpenCredentials(null, vault)).run(words, terminal));
  }

  @Test
  void aKeyStoreThatFailsLeavesNothingBehind() throws Exception {
    machine.broken = true;
    assertEquals(1, run("cert", "--client-id x --domain example.org --valid-days 30 --cert-out -"));
    assertEquals("! in lockout", terminal.text());
    assertEquals(List.of(), vault.names(""));
  }
}
