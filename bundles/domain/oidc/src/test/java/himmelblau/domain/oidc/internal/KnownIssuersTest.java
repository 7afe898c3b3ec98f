package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.Group;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.client.ClientKey;
import himmelblau.domain.oidc.internal.client.ClientProofs;
import himmelblau.domain.oidc.internal.client.ClientSecret;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Okta and Google document that differs from the specifications. */
class KnownIssuersTest {
  private final OidcFixture at = new OidcFixture();

  @Test
  void oktaKeepsClaimsOutOfIdTokens() throws Exception {
    at.issuer.manner = Issuer.Manner.OKTA;
    at.issuer.claim("ada", "amr", List.of("mfa", "otp", "pwd"));
    try (Session session = at.signIn();
        Secret renewal = session.renewal().orElseThrow();
        Session renewed = at.provider.renew(at.user(), renewal)) {
      for (Session each : List.of(session, renewed)) {
        assertEquals(
            Set.of("staff", "/eng/linux"),
            each.groups().orElseThrow().stream()
                .map(Group::displayName)
                .collect(Collectors.toSet()));
        assertEquals("Ada", each.user().displayName());
        assertTrue(each.multiFactor());
      }
    }
    assertThrows(SignInRefused.class, () -> at.signIn(at.user(), "grace"));
  }

  @Test
  void oktasOwnErrorsAreErrors() {
    at.issuer.manner = Issuer.Manner.OKTA;
    at.issuer.fault = Issuer.Fault.CLIENT_NOT_ALLOWED;
    SignInRefused e = assertThrows(SignInRefused.class, at::signIn);
    assertEquals(Reason.BLOCKED_BY_POLICY, e.reason());
  }

  private Challenge googles(SignIn signIn) {
    return signIn.challenge(((Step.NeedFactor) signIn.step()).offers().get(0));
  }

  @Test
  void googleCallsTheAddressOtherwiseAndAnswersPollsWithOtherStatus() throws Exception {
    at.issuer.manner = Issuer.Manner.GOOGLE;
    at.issuer.secretDemanded = false;
    try (SignIn signIn = at.provider.begin(at.user(), OidcFixture.POLICY)) {
      Challenge challenge = googles(signIn);
      Prompt prompt = challenge.begin();
      assertEquals("https://id.example/enter", prompt.device().orElseThrow().verificationUri());
      at.pass(prompt.interval());
      assertEquals(Progress.PENDING, challenge.poll(), "428");
      at.issuer.fault = Issuer.Fault.SLOW_DOWN_ONCE;
      at.pass(prompt.interval());
      assertEquals(Progress.PENDING, challenge.poll(), "403, slow_down");
      at.issuer.deny(prompt.device().orElseThrow().userCode());
      at.pass(prompt.interval().plus(Duration.ofSeconds(5)));
      assertEquals(Progress.DENIED, challenge.poll(), "403, access_denied");
    }
  }

  @Test
  void googleNamesUsersByTheirAddressAndProvesNoTwoFactors() throws Exception {
    at.issuer.manner = Issuer.Manner.GOOGLE;
    at.issuer.secretDemanded = false;
    try (Session session = at.signIn()) {
      assertEquals(at.user(), session.user().name());
      assertEquals(List.of(), session.groups().orElseThrow());
      assertFalse(session.multiFactor());
    }
    at.issuer.claim("ada", "email_verified", false);
    assertThrows(SignInRefused.class, at::signIn);
  }

  @Test
  void googleDemandsASecretOfDevicesAndTakesItInTheForm() throws Exception {
    MemoryVault vault = new MemoryVault();
    ClientSecret secret = new ClientSecret(Issuer.DOMAIN, new UUID(1, 2), vault);
    try (Secret value = Secret.ofText("GOCSPX-secret")) {
      secret.store(value);
    }
    OidcFixture with =
        new OidcFixture(
            OidcFixture.settings(List.of(), false, Set.of()),
            OidcFixture.client(
                ClientProofs.of(
                    "client_secret_post",
                    Issuer.CLIENT,
                    new ClientKey(Issuer.DOMAIN, vault, new MemoryMachine()),
                    secret,
                    Clock.systemUTC())));
    with.issuer.manner = Issuer.Manner.GOOGLE;
    with.issuer.clientSecret = "GOCSPX-secret";
    with.issuer.clientMethods = List.of("client_secret_post", "client_secret_basic");
    with.signIn().close();
  }

  @Test
  void withoutTheSecretGoogleRefusesDevices() {
    at.issuer.manner = Issuer.Manner.GOOGLE;
    DomainUnavailable e = assertThrows(DomainUnavailable.class, at::signIn);
    assertEquals("The issuer answered with the error invalid_request", e.getMessage());
  }
}
