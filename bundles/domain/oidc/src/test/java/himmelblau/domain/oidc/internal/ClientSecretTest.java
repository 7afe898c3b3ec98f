package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.client.ClientKey;
import himmelblau.domain.oidc.internal.client.ClientProofs;
import himmelblau.domain.oidc.internal.client.ClientSecret;
import himmelblau.domain.oidc.internal.client.HostClient;
import himmelblau.domain.oidc.internal.command.OidcSecret;
import himmelblau.testing.doubles.CapturedLog;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import himmelblau.testing.doubles.RecordingTerminal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A client with a secret (client_secret_basic, client_secret_post). */
class ClientSecretTest {
  private static final String BASIC = "client_secret_basic";
  private static final String POST = "client_secret_post";
  private static final String VALUE = "p:q%2B+ &=/";
  private static final String COMMAND = "aad-tool oidc secret --domain " + Issuer.DOMAIN;

  private final MemoryVault vault = new MemoryVault();
  private final OidcSettings settings = OidcFixture.settings(List.of(), false, Set.of());
  private final RecordingTerminal terminal = new RecordingTerminal();
  private HostClient host;

  private ClientSecret secret(OidcSettings of) {
    return new ClientSecret(of.domain(), of.clientAtIssuer(), vault);
  }

  private OidcFixture fixture(String method) {
    return fixture(method, Issuer.CLIENT);
  }

  private OidcFixture fixture(String method, String client) {
    host =
        new HostClient(
            Issuer.DOMAIN,
            client,
            ClientProofs.of(
                method,
                client,
                new ClientKey(Issuer.DOMAIN, vault, new MemoryMachine()),
                secret(settings),
                Clock.systemUTC()));
    OidcFixture at = new OidcFixture(settings, host);
    at.issuer.clientSecret = VALUE;
    at.issuer.secretInHeader = method.equals(BASIC);
    return at;
  }

  private int command(String typed, String... words) throws Exception {
    OidcSecret command = new OidcSecret(vault);
    command.addClient(secret(settings), Map.of(DomainProvider.DOMAIN, Issuer.DOMAIN));
    terminal.hidden = typed;
    return command.run(List.of(words), terminal);
  }

  private void store(String value) throws Exception {
    assertEquals(0, command(value, "--domain", Issuer.DOMAIN), terminal::text);
  }

  private static void signInAndRenew(OidcFixture at) throws Exception {
    try (Session session = at.signIn();
        Secret renewal = session.renewal().orElseThrow()) {
      at.provider.renew(at.user(), renewal).close();
    }
  }

  private static List<Issuer.Request> asClient(OidcFixture at) {
    return at.issuer.requests.stream()
        .filter(each -> Set.of("/device", "/token").contains(each.path()))
        .toList();
  }

  private static String encoded(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void inTheHeaderIdAndSecretAreEncodedAsInAForm() throws Exception {
    store(VALUE);
    OidcFixture at = fixture(BASIC);
    signInAndRenew(at);
    assertEquals(3, asClient(at).size());
    for (Issuer.Request each : asClient(at)) {
      assertEquals(encoded("host-client:p%3Aq%252B%2B+%26%3D%2F"), each.authorization());
      assertFalse(each.body().contains("client_secret"), each::body);
    }
    OidcFixture colon = fixture(BASIC, "corp:hosts/1");
    assertThrows(SignInRefused.class, colon::signIn, "another client");
    assertEquals(
        encoded("corp%3Ahosts%2F1:p%3Aq%252B%2B+%26%3D%2F"),
        asClient(colon).get(0).authorization());
  }

  @Test
  void inTheFormBothAreFieldsAndThereIsNoHeader() throws Exception {
    store(VALUE);
    OidcFixture at = fixture(POST);
    signInAndRenew(at);
    assertEquals(3, asClient(at).size());
    for (Issuer.Request each : asClient(at)) {
      assertEquals("", each.authorization());
      assertTrue(each.body().contains("client_id=host-client"), each::body);
      assertTrue(each.body().contains("client_secret=p%3Aq%252B%2B+%26%3D%2F"), each::body);
    }
  }

  /** Keycloak says unauthorized_client with status 401; RFC 6749 also allows 400. */
  @Test
  void aWrongSecretIsToldTheAdministratorAndNotTheUser() throws Exception {
    for (String answer :
        List.of("401 invalid_client", "400 invalid_client", "401 unauthorized_client")) {
      store("wrong");
      OidcFixture at = fixture(BASIC);
      at.issuer.clientRefusal = Integer.parseInt(answer.substring(0, 3));
      at.issuer.clientError = answer.substring(4);
      try (CapturedLog log = new CapturedLog("himmelblau.domain.oidc")) {
        SignInRefused refusal = assertThrows(SignInRefused.class, at::signIn);
        assertEquals(Reason.BLOCKED_BY_POLICY, refusal.reason());
        assertEquals(
            "The identity provider does not allow this host to sign users in."
                + " Please ask your administrator.",
            refusal.text());
        assertTrue(
            log.lines().stream()
                .anyMatch(
                    line -> line.startsWith("domain.client_refused") && line.contains(COMMAND)),
            () -> answer + log.lines());
      }
      List<String> troubles = host.troubles();
      assertEquals(1, troubles.size(), troubles::toString);
      assertTrue(
          troubles.get(0).contains("refused this host as client host-client")
              && troubles.get(0).contains(COMMAND),
          troubles::toString);
      store(VALUE);
      at.signIn().close();
      assertEquals(List.of(), host.troubles());
    }
  }

  /** The client is known then, and another secret would change nothing. */
  @Test
  void aGrantThatTheClientMayNotUseIsNoWrongSecret() throws Exception {
    store("wrong");
    OidcFixture at = fixture(BASIC);
    at.issuer.clientRefusal = 400;
    at.issuer.clientError = "unauthorized_client";
    assertThrows(SignInRefused.class, at::signIn);
    assertEquals(List.of(), host.troubles());
  }

  @Test
  void aRenewalWithAWrongSecretIsTold() throws Exception {
    store(VALUE);
    OidcFixture at = fixture(POST);
    try (Session session = at.signIn();
        Secret renewal = session.renewal().orElseThrow()) {
      store("wrong");
      SignInRefused refusal =
          assertThrows(SignInRefused.class, () -> at.provider.renew(at.user(), renewal));
      assertEquals(Reason.BLOCKED_BY_POLICY, refusal.reason(), "the renewal is kept");
      assertEquals("invalid_client", refusal.code().orElseThrow());
      assertEquals(1, host.troubles().size());
      store(VALUE);
      at.provider.renew(at.user(), renewal).close();
    }
  }

  @Test
  void withoutASecretTheIssuerIsNotAskedAndTheCommandIsNamed() {
    for (String method : List.of(BASIC, POST)) {
      OidcFixture at = fixture(method);
      assertEquals(
          List.of(
              "corp.example: oidc_client_auth = "
                  + method
                  + " needs the secret of the client at the issuer: "
                  + COMMAND),
          host.troubles());
      DomainUnavailable e = assertThrows(DomainUnavailable.class, at::signIn);
      assertTrue(String.valueOf(e.getMessage()).contains(COMMAND), e::getMessage);
      assertEquals(List.of(), asClient(at));
    }
  }

  @Test
  void aSecretThatCannotBeReadNowDecidesNothing() throws Exception {
    store(VALUE);
    vault.unreadable = true;
    OidcFixture at = fixture(BASIC);
    DomainUnavailable e = assertThrows(DomainUnavailable.class, at::signIn);
    assertEquals(DomainUnavailable.Kind.TEMPORARY, e.kind());
    assertEquals(List.of(), asClient(at));
  }

  /** OpenID Connect Discovery 1.0 section 3: who says nothing takes it in the header. */
  @Test
  void aWayThatTheIssuerDoesNotTakeIsNotUsed() throws Exception {
    store(VALUE);
    for (List<String> said : List.of(List.of(BASIC, "private_key_jwt"), List.<String>of())) {
      OidcFixture at = fixture(POST);
      at.issuer.clientMethods = said.isEmpty() ? null : said;
      DomainUnavailable e = assertThrows(DomainUnavailable.class, at::signIn);
      assertEquals(DomainUnavailable.Kind.PROTOCOL, e.kind());
      assertTrue(
          String.valueOf(e.getMessage())
              .contains(
                  "does not take the client secret by client_secret_post: set oidc_client_auth to"
                      + " one of what it takes (client_secret_basic"),
          e::getMessage);
      assertEquals(List.of(), asClient(at), "not sent");
      OidcFixture other = fixture(BASIC);
      other.issuer.clientMethods = at.issuer.clientMethods;
      other.signIn().close();
    }
  }

  /** It must not reach an issuer that it was not made for. */
  @Test
  void anotherIssuerOrClientOfTheDomainGetsNoSecret() throws Exception {
    store(VALUE);
    OidcSettings issuer = other("https://evil.example", Issuer.CLIENT);
    OidcSettings client = other(Issuer.URL, "another-client");
    for (OidcSettings each : List.of(issuer, client)) {
      assertFalse(secret(each).present());
    }
    assertTrue(secret(settings).present());
    try (Secret fresh = Secret.ofText("for the other client")) {
      secret(client).store(fresh);
    }
    assertFalse(secret(settings).present(), "a domain has one");
    assertTrue(secret(client).present());
  }

  private static OidcSettings other(String issuer, String client) {
    return new OidcSettings(
        Issuer.DOMAIN, issuer, client, List.of(), false, "groups", Set.of(), Optional.empty());
  }

  @Test
  void noTextHoldsTheSecret() throws Exception {
    String value = "Very-s3cret-value";
    try (CapturedLog log = new CapturedLog("himmelblau")) {
      store(value);
      OidcFixture at = fixture(BASIC);
      Exception wrong = assertThrows(Exception.class, at::signIn);
      OidcFixture form = fixture(POST);
      at.issuer.clientMethods = List.of("private_key_jwt");
      Exception notTaken = assertThrows(Exception.class, at::signIn);
      form.issuer.fault = Issuer.Fault.UNREACHABLE;
      Exception away = assertThrows(Exception.class, form::signIn);
      StringBuilder all = new StringBuilder(terminal.text());
      for (Exception each : List.of(wrong, notTaken, away)) {
        for (Throwable cause = each; cause != null; cause = cause.getCause()) {
          all.append(cause);
        }
      }
      all.append(log.lines()).append(host).append(host.troubles()).append(secret(settings));
      all.append(at.provider).append(vault.names(""));
      assertFalse(log.lines().isEmpty());
      assertFalse(all.toString().contains(value), all::toString);
      assertFalse(
          all.toString()
              .contains(
                  Base64.getEncoder()
                      .encodeToString(
                          ("host-client:" + value).getBytes(StandardCharsets.US_ASCII))),
          all::toString);
    }
  }

  @Test
  void whatCanBeNoSecretIsNotStored() throws Exception {
    for (String typed : List.of("", "tab\there", "ünicode", "\u007f", "x".repeat(4097))) {
      assertEquals(1, command(typed, "--domain", Issuer.DOMAIN), typed);
      assertFalse(typed.length() > 1 && terminal.text().contains(typed));
    }
    assertEquals(List.of(), vault.names(""));
    store("x".repeat(4096));
  }

  @Test
  void itIsDeletedWhicheverClientItIsFor() throws Exception {
    try (Secret fresh = Secret.ofText("for the other client")) {
      secret(other(Issuer.URL, "another-client")).store(fresh);
    }
    try (Secret lab = Secret.ofText("of another domain")) {
      new ClientSecret("lab.example", settings.clientAtIssuer(), vault).store(lab);
    }
    assertEquals(0, command("", "--domain", "CORP.example", "--delete"));
    assertEquals(1, vault.names("").size(), () -> vault.names("").toString());
    assertEquals(0, command("", "--domain", Issuer.DOMAIN, "--delete"), "again");
    assertEquals("", terminal.text());
  }

  @Test
  void aDomainWithoutAnIssuerHasNoClient() throws Exception {
    assertEquals(1, command(VALUE, "--domain", "lab.example"));
    assertTrue(terminal.text().contains("set oidc_issuer_url and app_id first"), terminal::text);
    for (List<String> words :
        List.of(List.<String>of(), List.of("--domain", "a/b"), List.of("--domain", "a", VALUE))) {
      assertEquals(2, new OidcSecret(vault).run(words, terminal));
    }
    assertEquals(List.of(), vault.names(""));
  }

  @Test
  void aStoreThatFailsIsSaid() throws Exception {
    vault.failing = true;
    assertEquals(1, command(VALUE, "--domain", Issuer.DOMAIN));
    assertEquals("! failing for the test", terminal.text());
  }
}
