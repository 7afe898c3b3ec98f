package himmelblau.domain.entra.internal.token;

import static himmelblau.domain.entra.internal.Vectors.SESSION_KEY;
import static himmelblau.domain.entra.internal.Vectors.get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.Vectors;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.crypto.Jws;
import himmelblau.domain.entra.internal.crypto.SessionKey;
import himmelblau.domain.entra.internal.wire.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokensTest {
  private static final String TENANT = "12345678-9abc-def0-1234-56789abcdef0";
  private static final UUID ALICE = UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
  private static final Authority AUTHORITY =
      new Authority("login.microsoftonline.com", TENANT, "https://graph.microsoft.com");
  private static final Instant ISSUED = Instant.ofEpochSecond(1767225600);

  private static AccountName name(String upn) {
    return AccountName.parse(upn).orElseThrow();
  }

  private static TokenSubject check(
      String idToken, Authority authority, String client, Instant now, String requested)
      throws Exception {
    Json claims = Base64s.claims(idToken, "The id token");
    return new IdTokens(
            Set.of("contoso.example", "alias.example"), Clock.fixed(now, ZoneOffset.UTC))
        .check(claims, Optional.empty(), authority, Set.of(client), name(requested));
  }

  @Test
  void believesAnIdTokenOfTheRightTenantClientTimeAndUser() throws Exception {
    TokenSubject identity =
        check(
            get("idtoken"),
            AUTHORITY,
            WellKnownApps.BROKER_IDENTITY,
            ISSUED,
            "ALICE@contoso.example");
    assertEquals(ALICE, identity.objectId());
    assertEquals("Alice Example", identity.displayName());
    assertEquals(
        ALICE,
        check(
                get("idtoken"),
                AUTHORITY,
                WellKnownApps.BROKER_IDENTITY,
                ISSUED,
                "alice@alias.example")
            .objectId());
  }

  @Test
  void refusesAnyOther() {
    String token = get("idtoken");
    String own = WellKnownApps.BROKER_IDENTITY;
    assertOther(() -> check(token, AUTHORITY, own, ISSUED, "bob@contoso.example"));
    assertOther(() -> check(token, AUTHORITY, own, ISSUED, "alice@foreign.example"));
    Authority foreign =
        new Authority(AUTHORITY.host(), "00000000-0000-0000-0000-000000000001", AUTHORITY.graph());
    assertOther(() -> check(token, foreign, own, ISSUED, "alice@contoso.example"));
    assertThrows(
        DomainUnavailable.class,
        () -> check(token, AUTHORITY, WellKnownApps.PORTAL, ISSUED, "alice@contoso.example"));
    assertThrows(
        DomainUnavailable.class,
        () -> check(token, AUTHORITY, own, ISSUED.plusSeconds(86_400), "alice@contoso.example"));
    assertThrows(
        DomainUnavailable.class,
        () -> check("a.e30.", AUTHORITY, own, ISSUED, "alice@contoso.example"));
  }

  private static void assertOther(org.junit.jupiter.api.function.Executable check) {
    SignInRefused refused = assertThrows(SignInRefused.class, check);
    assertEquals(SignInRefused.Reason.OTHER_ACCOUNT, refused.reason());
    assertTrue(
        refused.text().startsWith("Authenticated user ")
            && refused.text().endsWith(" does not match requested user"),
        refused.text());
  }

  @Test
  void writesHelloAssertions() throws Exception {
    String header =
        "{\"alg\":\"RS256\",\"kid\":\"QmZlFjwudA6AQ9cpEDZOponOLkdeQUy4fUfLYWEBmtA=\","
            + "\"typ\":\"JWT\",\"use\":\"ngc\"}";
    byte[] claims =
        PrtClient.assertionClaims("alice@contoso.example", 1767225600, 1767226200, "NONCE-TEST");
    assertEquals(get("assertion"), Jws.rs256(header, claims, Vectors.key("hello")).revealText());
  }

  @Test
  void keepsAPrimaryRefreshTokenAsOneSecret() {
    TokenSubject identity = new TokenSubject(ALICE, TENANT, name("alice@contoso.example"), "Alice");
    Prt prt =
        new Prt(
            Secret.ofText("PRT-TEST"),
            new SessionKey(Secret.copyOf(SESSION_KEY)),
            ISSUED,
            identity,
            true,
            UUID.randomUUID(),
            Optional.empty());
    Secret renewal = prt.toRenewal();
    Prt read = Prt.of(renewal).orElseThrow();
    assertEquals(identity, read.identity());
    assertEquals(prt.expires(), read.expires());
    assertEquals(prt.device(), read.device());
    assertEquals("PRT-TEST", read.token().revealText());
    assertArrayEquals(SESSION_KEY, read.key().copy().copyBytes());
    assertTrue(read.multiFactor());
    byte[] bytes = renewal.copyBytes();
    for (int length = 0; length < bytes.length; length++) {
      Secret cut = Secret.taking(java.util.Arrays.copyOf(bytes, length));
      assertTrue(Prt.of(cut).isEmpty(), "cut at " + length);
    }
    bytes[0] = 99;
    assertTrue(Prt.of(Secret.taking(bytes)).isEmpty(), "another version");
  }

  @Test
  void readsOsRelease() {
    assertEquals(
        Optional.of("Ubuntu 24.04 LTS 24.04"),
        OsRelease.describe(
            List.of("# x", "PRETTY_NAME=\"Ubuntu 24.04 LTS\"", "VERSION_ID=\"24.04\"")));
    assertEquals(Optional.empty(), OsRelease.describe(List.of("NAME=x")));
  }
}
