package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.IssuedToken;
import himmelblau.api.sso.SsoCookie;
import himmelblau.api.sso.TokenOwner;
import himmelblau.api.sso.TokenRequest;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.testing.tenant.directory.Device;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and cookies for programs, against the emulated tenant. */
@NullUnmarked
class EntraTokensTest {
  private static final String GRAPH = "https://graph.microsoft.com/.default";
  private static final String PAGE =
      "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id="
          + WellKnownApps.EDGE
          + "&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Flogin.microsoftonline.com"
          + "%2Fcommon%2Foauth2%2Fnativeclient";

  @TempDir Path folder;
  private EntraFixture lab;
  private EntraTokens tokens;
  private Secret renewal;

  @BeforeEach
  void signIn() throws Exception {
    lab = new EntraFixture(folder);
    EntraDomain domain = lab.domain();
    try (Session session = lab.signIn(domain)) {
      renewal = session.renewal().orElseThrow();
    }
    tokens = domain.resourceTokens();
  }

  @AfterEach
  void stop() throws Exception {
    lab.close();
  }

  private static TokenRequest request(String client, Optional<String> pop, String scope) {
    return new TokenRequest(client, Optional.empty(), List.of(scope), Optional.empty(), pop);
  }

  private IssuedToken token(TokenRequest request) throws DomainUnavailable, SignInRefused {
    return tokens.token(EntraFixture.USER, renewal, request);
  }

  private IssuedToken graph() throws DomainUnavailable, SignInRefused {
    return token(request(WellKnownApps.EDGE, Optional.empty(), GRAPH));
  }

  /** The directory, or whoever answers in its place, changes the claims of each id token. */
  private EntraTokens answeredWith(String claim, String value) {
    Http changed =
        call -> {
          HttpReply reply = lab.http().send(call);
          String text = reply.text();
          if (!text.startsWith("{") || !text.contains("id_token")) {
            return reply;
          }
          String jwt = text.replaceFirst("(?s).*\"id_token\":\"([^\"]*)\".*", "$1");
          String[] parts = jwt.split("\\.", -1);
          String claims =
              new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                  .replaceFirst(
                      "\"" + claim + "\":\"[^\"]*\"", "\"" + claim + "\":\"" + value + "\"");
          String other =
              parts[0]
                  + "."
                  + Base64s.url(claims.getBytes(StandardCharsets.UTF_8))
                  + "."
                  + parts[2];
          return new HttpReply(
              reply.status(),
              reply.headers(),
              text.replace(jwt, other).getBytes(StandardCharsets.UTF_8));
        };
    return lab.domain(EntraSettings.of(EntraFixture.DOMAIN), lab.tokens(), changed)
        .resourceTokens();
  }

  @Test
  void tokensOfAnotherAccountOrApplicationAreNeverHandedOn() {
    String other = "00000000-0000-4000-8000-00000000000f";
    for (String claim : List.of("oid", "tid", "aud")) {
      EntraTokens wrong = answeredWith(claim, other);
      DomainUnavailable e =
          assertThrows(
              DomainUnavailable.class,
              () ->
                  wrong.token(
                      EntraFixture.USER,
                      renewal,
                      request(WellKnownApps.EDGE, Optional.empty(), GRAPH)),
              claim);
      assertEquals(DomainUnavailable.Kind.PROTOCOL, e.kind());
    }
  }

  @Test
  void aBearerTokenIsNoAnswerToARequestForABoundOne() throws Exception {
    Http bearer =
        call -> {
          HttpReply reply = lab.http().send(call);
          String text = reply.text().replace("\"token_type\":\"pop\"", "\"token_type\":\"Bearer\"");
          return new HttpReply(
              reply.status(), reply.headers(), text.getBytes(StandardCharsets.UTF_8));
        };
    EntraTokens wrong =
        lab.domain(EntraSettings.of(EntraFixture.DOMAIN), lab.tokens(), bearer).resourceTokens();
    assertEquals(
        DomainUnavailable.Kind.PROTOCOL,
        EntraFixture.unavailable(
                () ->
                    wrong.token(
                        EntraFixture.USER,
                        renewal,
                        request(WellKnownApps.EDGE, Optional.of("key-1"), GRAPH)))
            .kind());
  }

  private int me(IssuedToken token) throws Exception {
    return lab.http()
        .send(
            HttpCall.get(URI.create("https://graph.microsoft.com/v1.0/me"))
                .header("Authorization", "Bearer " + token.access().revealText()))
        .status();
  }

  @Test
  void theOwnerIsInTheRenewal() {
    TokenOwner owner = tokens.owner(renewal).orElseThrow();
    assertEquals(lab.user().id(), owner.objectId());
    assertEquals(lab.user().tenant().toString(), owner.tenantId());
    assertEquals(EntraFixture.USER, owner.name());
    assertTrue(tokens.owner(Secret.ofText("else")).isEmpty());
  }

  @Test
  void graphAcceptsTheToken() throws Exception {
    try (IssuedToken token = graph()) {
      assertEquals(200, me(token));
      assertFalse(token.pop());
      assertTrue(token.scopes().contains("openid"), token.scopes().toString());
      assertTrue(token.expires().isAfter(lab.clock.instant().plus(Duration.ofMinutes(10))));
      assertFalse(token.extendedExpires().isBefore(token.expires()));
      Json id = Base64s.claims(token.id().revealText(), "id");
      assertEquals(WellKnownApps.EDGE, id.require("aud"));
      Json info = Json.parse(Base64s.decode(token.clientInfo(), "info"), "info");
      assertEquals(lab.user().id().toString(), info.require("uid"));
    }
  }

  @Test
  void otherApplicationsGetTheirs() throws Exception {
    for (String client : List.of(WellKnownApps.PORTAL, "04b07795-8ddb-461a-bbee-02f9e1bf7b46")) {
      try (IssuedToken token = token(request(client, Optional.empty(), GRAPH))) {
        assertEquals(client, Base64s.claims(token.id().revealText(), "id").require("aud"));
      }
    }
    SignInRefused unknown =
        EntraFixture.refused(
            () -> token(request("11111111-2222-3333-4444-555555555555", Optional.empty(), GRAPH)));
    assertTrue(unknown.text().startsWith("AADSTS700016"), unknown.text());
  }

  @Test
  void aPopTokenHasTheKeyAndIsNoBearerToken() throws Exception {
    try (IssuedToken token = token(request(WellKnownApps.EDGE, Optional.of("key-1"), GRAPH))) {
      assertTrue(token.pop());
      Json claims = Base64s.claims(token.access().revealText(), "access");
      assertEquals("key-1", claims.requireObject("cnf").require("kid"));
      assertEquals(401, me(token));
    }
  }

  @Test
  void aResourceThatWantsNoPrtIsAskedThroughARefreshToken() throws Exception {
    String scope = "ms-device-service://termsrv.wvd.microsoft.com/name/host1/user_impersonation";
    try (IssuedToken token = token(request(WellKnownApps.EDGE, Optional.of("key-1"), scope))) {
      assertTrue(token.pop());
    }
  }

  private HttpReply open(String url, SsoCookie cookie) throws Exception {
    return lab.http()
        .send(
            HttpCall.get(URI.create(url))
                .header("Cookie", cookie.name() + "=" + cookie.content().revealText()));
  }

  @Test
  void aBrowserIsInWithTheCookie() throws Exception {
    try (SsoCookie cookie = tokens.cookie(renewal, Optional.empty())) {
      HttpReply reply = open(PAGE, cookie);
      assertEquals(302, reply.status());
      assertTrue(reply.header("location").orElseThrow().contains("code="), reply.text());
    }
  }

  @Test
  void anOldCookieIsAnsweredWithANonceThatIsUsedOnce() throws Exception {
    lab.clock.pass(Duration.ofMinutes(-10));
    String again;
    try (SsoCookie old = tokens.cookie(renewal, Optional.empty())) {
      again = open(PAGE, old).header("location").orElseThrow();
    }
    assertTrue(again.contains("sso_nonce="), again);
    String nonce = again.replaceFirst(".*sso_nonce=([^&]*).*", "$1");
    try (SsoCookie fresh = tokens.cookie(renewal, Optional.of(nonce))) {
      assertTrue(open(again, fresh).header("location").orElseThrow().contains("code="));
      assertFalse(open(again, fresh).header("location").orElse("").contains("code="));
    }
  }

  @Test
  void revokedDisabledAndDeletedAreRefusedInTheDirectorysWords() throws Exception {
    Device device = lab.tenant.directory().devices().iterator().next();
    lab.tenant.directory().put(device.withEnabled(false));
    assertRefused(Reason.DEVICE_DISABLED, "AADSTS135011");
    lab.tenant.directory().put(device.withEnabled(true));
    lab.tenant.directory().put(lab.user().withEnabled(false));
    assertRefused(Reason.ACCOUNT_DISABLED, "AADSTS50057");
  }

  private void assertRefused(Reason reason, String code) throws Exception {
    SignInRefused refused = EntraFixture.refused(this::graph);
    assertEquals(reason, refused.reason());
    assertEquals(Optional.of(code), refused.code());
  }

  @Test
  void anExpiredRenewalAndOneOfAnotherDeviceGiveNothing() throws Exception {
    lab.clock.pass(Duration.ofDays(100));
    assertEquals(Reason.RENEWAL_DEAD, EntraFixture.refused(this::graph).reason());
    assertEquals(Reason.RENEWAL_DEAD, refusedCookie().reason());
    lab.clock.pass(Duration.ofDays(-100));
    lab.domain().leave();
    EntraTokens left = lab.domain().resourceTokens();
    assertEquals(
        Reason.RENEWAL_DEAD,
        EntraFixture.refused(() -> left.cookie(renewal, Optional.empty())).reason());
    assertEquals(
        Reason.RENEWAL_DEAD,
        EntraFixture.refused(
                () ->
                    left.token(
                        EntraFixture.USER,
                        renewal,
                        request(WellKnownApps.EDGE, Optional.empty(), GRAPH)))
            .reason());
  }

  @Test
  void aRenewalFromBeforeTheHostJoinedAgainGivesNothing() throws Exception {
    lab.domain().leave();
    EntraDomain joinedAgain = lab.domain();
    try (Session session = lab.signIn(joinedAgain);
        Secret fresh = session.renewal().orElseThrow()) {
      joinedAgain.resourceTokens().cookie(fresh, Optional.empty()).close();
      assertEquals(
          Reason.RENEWAL_DEAD,
          EntraFixture.refused(() -> joinedAgain.resourceTokens().cookie(renewal, Optional.empty()))
              .reason());
    }
  }

  private SignInRefused refusedCookie() throws DomainUnavailable {
    return EntraFixture.refused(() -> tokens.cookie(renewal, Optional.empty()));
  }

  @Test
  void withoutTheNetworkNothingIsDecided() throws Exception {
    lab.stop();
    assertEquals(DomainUnavailable.Kind.NETWORK, EntraFixture.unavailable(this::graph).kind());
    tokens.cookie(renewal, Optional.empty()).close();
    lab.start();
    graph().close();
  }
}
