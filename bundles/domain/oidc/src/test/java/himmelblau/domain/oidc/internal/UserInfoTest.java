package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.Group;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims that are not in the ID token. */
class UserInfoTest {
  private final OidcFixture at = new OidcFixture();

  @BeforeEach
  void noGroupsInTokens() {
    at.issuer.claim("ada", "groups", null);
    at.issuer.userInfo = Map.of("groups", List.of("crew"));
  }

  private static Set<String> groups(Session session) {
    return session.groups().orElseThrow().stream()
        .map(Group::displayName)
        .collect(Collectors.toSet());
  }

  private void fails(Issuer.Fault fault, String sentence) {
    at.issuer.fault = fault;
    DomainUnavailable e = assertThrows(DomainUnavailable.class, at::signIn);
    assertTrue(String.valueOf(e.getMessage()).contains(sentence), e::getMessage);
  }

  @Test
  void groupsComeFromThereWithTheIdsOfTheIssuer() throws Exception {
    UUID inToken;
    at.issuer.claim("ada", "groups", List.of("crew"));
    try (Session session = at.signIn()) {
      inToken = session.groups().orElseThrow().get(0).objectId();
    }
    assertEquals(0, at.issuer.asked("/userinfo"), "the token says it");
    at.issuer.claim("ada", "groups", null);
    try (Session session = at.signIn()) {
      assertEquals(inToken, session.groups().orElseThrow().get(0).objectId());
    }
  }

  @Test
  void alsoAtARenewal() throws Exception {
    try (Session session = at.signIn();
        Secret renewal = session.renewal().orElseThrow()) {
      at.issuer.userInfo = Map.of("groups", List.of("staff"));
      try (Session renewed = at.provider.renew(at.user(), renewal)) {
        assertEquals(Set.of("staff"), groups(renewed));
      }
    }
  }

  @Test
  void aListInTheTokenCountsAlone() throws Exception {
    at.issuer.claim("ada", "groups", List.of());
    try (Session session = at.signIn()) {
      assertEquals(Set.of(), groups(session), "an empty one is a list, too");
    }
    assertEquals(0, at.issuer.asked("/userinfo"));
  }

  @Test
  void anIssuerWithoutTheEndpointIsNotAsked() throws Exception {
    at.issuer.userInfo = Map.of();
    try (Session session = at.signIn()) {
      assertEquals(Set.of(), groups(session));
    }
    assertEquals(0, at.issuer.asked("/userinfo"));
  }

  @Test
  void aNameThatIsNotInTheTokenComesFromThere() throws Exception {
    at.issuer.claim("ada", "preferred_username", null);
    at.issuer.claim("ada", "email", null);
    at.issuer.userInfo = Map.of("preferred_username", "ada", "name", "Countess");
    at.signIn().close();
    at.issuer.userInfo = Map.of("preferred_username", "grace");
    SignInRefused e = assertThrows(SignInRefused.class, at::signIn);
    assertEquals(Reason.OTHER_ACCOUNT, e.reason());
  }

  @Test
  void aNameInTheTokenCountsAlone() throws Exception {
    at.issuer.userInfo = Map.of("preferred_username", "grace");
    at.signIn().close();
    at.issuer.claim("ada", "preferred_username", null); // the address is left, and is a name
    at.signIn().close();
  }

  /** It is not signed, and does not speak of this sign-in. */
  @Test
  void factorsNeverComeFromThere() throws Exception {
    at.issuer.claim("ada", "amr", null);
    at.issuer.userInfo = Map.of("groups", List.of("crew"), "amr", List.of("mfa"), "acr", "gold");
    try (Session session = at.signIn()) {
      assertFalse(session.multiFactor());
    }
  }

  @Test
  void whatSpeaksOfAnotherUserIsNotUsed() {
    fails(Issuer.Fault.USERINFO_OF_ANOTHER, "speaks of another user than the ID token (sub)");
  }

  @Test
  void withoutAnAnswerNobodyLosesGroupsSilently() {
    fails(Issuer.Fault.USERINFO_IS_NO_JSON, "cannot be read");
    fails(Issuer.Fault.USERINFO_REFUSES, "answered with status 401");
    fails(Issuer.Fault.USERINFO_WITHOUT_TLS, "has no usable https address");
  }
}
