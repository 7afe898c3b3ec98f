package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.client.ClientKey;
import himmelblau.domain.oidc.internal.client.ClientProofs;
import himmelblau.domain.oidc.internal.client.ClientSecret;
import himmelblau.domain.oidc.internal.client.HostClient;
import himmelblau.domain.oidc.internal.command.OidcKey;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import himmelblau.testing.doubles.RecordingTerminal;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A client that authenticates with a key of the key store (private_key_jwt). */
class ClientKeyTest {
  private final MemoryMachine machine = new MemoryMachine();
  private final MemoryVault vault = new MemoryVault();
  private final ClientKey key = new ClientKey(Issuer.DOMAIN, vault, machine);
  private final OidcFixture fixture =
      new OidcFixture(OidcFixture.settings(List.of(), false, Set.of()), host(key));

  private HostClient host(ClientKey own) {
    return OidcFixture.client(
        ClientProofs.of(
            "private_key_jwt",
            Issuer.CLIENT,
            own,
            new ClientSecret(Issuer.DOMAIN, UUID.randomUUID(), vault),
            Clock.systemUTC()));
  }

  private String command(String... words) throws Exception {
    RecordingTerminal terminal = new RecordingTerminal();
    assertEquals(0, new OidcKey(vault, machine).run(List.of(words), terminal), terminal::text);
    return String.join("\n", terminal.out);
  }

  private String registered() throws Exception {
    String set = command("--domain", Issuer.DOMAIN);
    fixture.issuer.clientKeys = set;
    return set;
  }

  @Test
  void eachRequestIsSignedAnew() throws Exception {
    registered();
    try (Session session = fixture.signIn();
        Secret renewal = session.renewal().orElseThrow();
        Session renewed = fixture.provider.renew(fixture.user(), renewal)) {
      assertEquals(fixture.user(), renewed.user().name());
    }
  }

  @Test
  void withoutAKeyTheIssuerIsNotAsked() {
    DomainUnavailable e = assertThrows(DomainUnavailable.class, fixture::signIn);
    assertTrue(
        String.valueOf(e.getMessage()).contains("aad-tool oidc key --domain " + Issuer.DOMAIN),
        e::getMessage);
    assertEquals(0, fixture.issuer.asked("/device"));
  }

  @Test
  void aKeyThatIsNotRegisteredIsRefused() throws Exception {
    registered();
    command("--domain", Issuer.DOMAIN, "--new");
    SignInRefused e = assertThrows(SignInRefused.class, fixture::signIn);
    assertEquals(Reason.BLOCKED_BY_POLICY, e.reason());
    registered();
    fixture.signIn().close();
  }

  @Test
  void theHostOfAPublicClientIsRefusedWhereAKeyIsWanted() throws Exception {
    OidcFixture open = new OidcFixture();
    open.issuer.clientKeys = registered();
    assertThrows(SignInRefused.class, open::signIn);
  }

  @Test
  void onlyThePublicHalfIsShown() throws Exception {
    String set = registered();
    JWK shown = JWKSet.parse(set).getKeys().get(0);
    assertFalse(shown.isPrivate());
    assertEquals(Set.of("kty", "e", "use", "kid", "alg", "n"), shown.toJSONObject().keySet());
    assertEquals(set, command("--domain", Issuer.DOMAIN), "until there is a new one");
    assertNotEquals(set, command("--domain", "lab.example"), "each domain has its own");
    assertNotEquals(set, command("--domain", Issuer.DOMAIN, "--new"));
  }

  @Test
  void theCommandRefusesWhatIsNoDomain() throws Exception {
    for (List<String> words : List.of(List.<String>of(), List.of("--domain", "a/b"))) {
      assertEquals(2, new OidcKey(vault, machine).run(words, new RecordingTerminal()));
    }
    assertEquals(List.of(), vault.names(""));
  }

  @Test
  void aKeyOfAnotherMachineIsSaidToBeNone() throws Exception {
    registered();
    ClientKey elsewhere = new ClientKey(Issuer.DOMAIN, vault, new MemoryMachine());
    OidcFixture moved =
        new OidcFixture(OidcFixture.settings(List.of(), false, Set.of()), host(elsewhere));
    DomainUnavailable e = assertThrows(DomainUnavailable.class, moved::signIn);
    assertEquals(DomainUnavailable.Kind.TEMPORARY, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains("--new"), e::getMessage);
  }
}
