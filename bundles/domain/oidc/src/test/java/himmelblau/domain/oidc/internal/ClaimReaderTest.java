package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Group;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.domain.oidc.internal.issuer.NameUuid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which account an ID token stands for, and what it says of it. */
class ClaimReaderTest {
  private static final UUID DNS = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

  private OidcFixture at = new OidcFixture();

  private void refused(AccountName asked, String who) {
    SignInRefused refusal = assertThrows(SignInRefused.class, () -> at.signIn(asked, who));
    assertEquals(Reason.OTHER_ACCOUNT, refusal.reason());
  }

  private Set<String> groups() throws Exception {
    try (Session session = at.signIn()) {
      return session.groups().orElseThrow().stream()
          .map(Group::displayName)
          .collect(Collectors.toSet());
    }
  }

  private boolean multiFactor() throws Exception {
    try (Session session = at.signIn()) {
      return session.multiFactor();
    }
  }

  /** RFC 9562 appendix A.4, and as uuidgen --sha1 makes them. */
  @Test
  void idsAreNameBased() {
    assertEquals(
        UUID.fromString("2ed6657d-e927-568b-95e1-2665a8aea6a2"),
        NameUuid.of(DNS, "www.example.com"));
  }

  @Test
  void anIssuersIdsAreItsOwn() {
    OidcSettings here = OidcFixture.settings(List.of(), false, Set.of());
    OidcSettings there =
        new OidcSettings(
            "b.example",
            "https://b.example",
            Issuer.CLIENT,
            List.of(),
            false,
            "groups",
            Set.of(),
            Optional.empty());
    assertNotEquals(here.user("1"), there.user("1"));
    assertNotEquals(here.user("1"), here.user("2"));
  }

  @Test
  void theIdOfAUserIsTheSubject() throws Exception {
    OidcSettings settings = OidcFixture.settings(List.of(), false, Set.of());
    try (Session session = at.signIn()) {
      assertEquals(
          settings.user(at.issuer.users.get("ada").subject()),
          session.user().objectId().orElseThrow());
      assertEquals(settings.tenant().toString(), session.user().tenantId().orElseThrow());
      assertEquals("Ada", session.user().displayName());
    }
  }

  @Test
  void aNameMayBeGivenWithTheDomain() throws Exception {
    at.issuer.claim("ada", "preferred_username", "Ada@Corp.Example");
    at.signIn().close();
    at.issuer.claim("ada", "preferred_username", "ada@other.example");
    refused(at.user(), "ada");
  }

  @Test
  void aSuffixIsCutWhereTheAdministratorSaysSo() throws Exception {
    at = new OidcFixture(OidcFixture.settings(List.of(), true, Set.of()));
    at.issuer.claim("ada", "preferred_username", "ada@other.example");
    at.signIn().close();
  }

  /** Users type an address themselves; only the issuer can say whose it is. */
  @Test
  void anAddressThatIsNotVerifiedIsNoName() throws Exception {
    at = new OidcFixture(OidcFixture.settings(List.of("email"), false, Set.of()));
    at.signIn().close();
    at.issuer.claim("grace", "email", "ada@corp.example");
    for (Object unverified : new Object[] {false, "true", 1, null}) {
      at.issuer.claim("grace", "email_verified", unverified);
      refused(at.user(), "grace");
    }
  }

  @Test
  void claimsAreTakenInOrder() throws Exception {
    at =
        new OidcFixture(
            OidcFixture.settings(List.of("login", "preferred_username"), false, Set.of()));
    at.signIn().close();
    at.issuer.claim("ada", "login", "lovelace");
    refused(at.user(), "ada");
    at.signIn(OidcFixture.named("lovelace"), "ada").close();
    at.issuer.claim("ada", "login", List.of("ada"));
    at.signIn().close(); // not text: the next claim
  }

  /** In lower case, as account names are, KELVIN SIGN is the letter k. */
  @Test
  void aNameThatLooksLikeAnotherInLowerCaseIsNoName() {
    at.issuer.add("mike", "Mike");
    at.issuer.claim("grace", "preferred_username", "mi\u212ae");
    refused(OidcFixture.named("mike"), "grace");
  }

  @Test
  void whatCannotBeANameIsNone() {
    for (String name : List.of("", " ", "ada:x", "ada\nroot", "../ada", "a@b@corp.example")) {
      at.issuer.claim("ada", "preferred_username", name);
      at.issuer.claim("ada", "email", null);
      refused(at.user(), "ada");
    }
  }

  @Test
  void groupsHaveIdsOfTheIssuer() throws Exception {
    try (Session session = at.signIn()) {
      List<Group> groups = session.groups().orElseThrow();
      UUID tenant = OidcFixture.settings(List.of(), false, Set.of()).tenant();
      assertEquals(
          Set.of(NameUuid.of(tenant, "staff"), NameUuid.of(tenant, "/eng/linux")),
          groups.stream().map(Group::objectId).collect(Collectors.toSet()));
    }
  }

  @Test
  void aUserWithoutTheClaimIsInNoGroup() throws Exception {
    at.issuer.claim("ada", "groups", null);
    assertEquals(Set.of(), groups());
    at.issuer.claim("ada", "groups", Map.of("staff", true));
    assertEquals(Set.of(), groups());
    at.issuer.claim("ada", "groups", "staff");
    assertEquals(Set.of("staff"), groups());
  }

  @Test
  void groupsThatWouldBreakAFileAreDropped() throws Exception {
    at.issuer.claim("ada", "groups", List.of("a:b", "a\nb", " ", "x".repeat(257), 5, " staff "));
    assertEquals(Set.of("staff"), groups());
  }

  @Test
  void groupsMayBeInAnObject() throws Exception {
    at =
        new OidcFixture(
            new OidcSettings(
                Issuer.DOMAIN,
                Issuer.URL,
                Issuer.CLIENT,
                List.of(),
                false,
                "realm_access.roles",
                Set.of(),
                Optional.empty()));
    at.issuer.claim("ada", "realm_access", Map.of("roles", List.of("admin")));
    assertEquals(Set.of("admin"), groups());
    at.issuer.claim("ada", "realm_access", "admin");
    assertEquals(Set.of(), groups());
  }

  @Test
  void tooManyGroupsAreNotCutSilently() {
    at.issuer.claim("ada", "groups", IntStream.range(0, 2001).mapToObj(i -> "group" + i).toList());
    assertTrue(
        String.valueOf(assertThrows(Exception.class, at::signIn).getMessage())
            .contains("more than 2000 groups"));
  }

  @Test
  void twoFactorsAreWhatTheTokenSays() throws Exception {
    assertTrue(multiFactor());
    for (List<String> one : List.of(List.of("pwd"), List.of("pwd", "pin"), List.of("otp", "sms"))) {
      at.issuer.claim("ada", "amr", one);
      assertFalse(multiFactor(), one::toString);
    }
    at.issuer.claim("ada", "amr", List.of("mfa"));
    assertTrue(multiFactor());
    at.issuer.claim("ada", "amr", "mfa");
    assertFalse(multiFactor(), "not a list");
    at.issuer.claim("ada", "amr", null);
    at.issuer.claim("ada", "acr", "gold");
    assertFalse(multiFactor());
  }

  @Test
  void theAdministratorSaysWhichClassStandsForTwoFactors() throws Exception {
    at = new OidcFixture(OidcFixture.settings(List.of(), false, Set.of("gold")));
    at.issuer.claim("ada", "amr", null);
    assertFalse(multiFactor());
    at.issuer.claim("ada", "acr", "gold");
    assertTrue(multiFactor());
  }
}
