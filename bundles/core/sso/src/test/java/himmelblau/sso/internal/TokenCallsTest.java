package himmelblau.sso.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.sso.TokenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
@Timeout(60)
class TokenCallsTest {
  @TempDir Path temp;
  private SsoFixture lab;

  @BeforeEach
  void signIn() {
    lab = new SsoFixture(temp);
    lab.signIn(SsoFixture.ADA);
  }

  private JsonObject token(String more) throws InterruptedException {
    return lab.token(SsoFixture.ADA, more);
  }

  private String context(String more) throws InterruptedException {
    return SsoFixture.context(token(more));
  }

  @Test
  void theReplyHasWhatProgramsRead() throws Exception {
    JsonObject reply = token("");
    long now = lab.now.toEpochMilli();
    assertEquals("token 1 by prt-of-ada", reply.get("accessToken").getAsString());
    assertEquals(0, reply.get("accessTokenType").getAsInt());
    assertEquals(now + 3_600_000, reply.get("expiresOn").getAsLong());
    assertEquals(now + 7_200_000, reply.get("extendedExpiresOn").getAsLong());
    assertEquals("granted openid", reply.get("grantedScopes").getAsString());
    assertEquals("id", reply.get("idToken").getAsString());
    assertEquals("info", reply.get("clientInfo").getAsString());
    assertEquals("ada@example.org", reply.getAsJsonObject("account").get("username").getAsString());
  }

  @Test
  void aTokenIsGivenAgainToTheSameRequestOnly() throws Exception {
    JsonObject first = token("");
    assertEquals(first, token(""));
    assertEquals(1, lab.tokens.asked.size());
    List<String> others =
        List.of(
            "\"redirectUri\":\"https://x/y\"",
            "\"popParams\":{\"authenticationScheme\":\"pop\",\"kid\":\"k1\"}",
            "\"popParams\":{\"authenticationScheme\":\"pop\",\"kid\":\"k2\"}",
            "\"clientId\":\"app-2\"");
    for (String other : others) {
      assertNotEquals(first.get("accessToken"), token(other).get("accessToken"), other);
    }
    assertEquals(1 + others.size(), lab.tokens.asked.size());
    lab.signIn(SsoFixture.BOB);
    assertTrue(lab.token(SsoFixture.BOB, "").get("accessToken").getAsString().contains("bob"));
  }

  @Test
  void aTokenThatExpiresSoonIsReplaced() throws Exception {
    token("");
    lab.now = lab.now.plusSeconds(3600 - 301);
    token("");
    assertEquals(1, lab.tokens.asked.size());
    lab.now = lab.now.plusSeconds(1);
    assertTrue(token("").get("accessToken").getAsString().startsWith("token 2"));
    assertThrows(IllegalStateException.class, () -> lab.issued.get(0).access().copyBytes());
  }

  @Test
  void aClaimsChallengeReachesTheDirectoryEachTime() throws Exception {
    token("");
    String claims = "\"decodedClaims\":\"{\\\"access_token\\\":{}}\"";
    token(claims);
    token(claims);
    assertEquals(3, lab.tokens.asked.size());
    assertEquals(Optional.of("{\"access_token\":{}}"), lab.tokens.asked.get(2).claims());
    token("");
    assertEquals(3, lab.tokens.asked.size(), "the kept one is for requests without a challenge");
    token("\"decodedClaims\":\"{}\"");
    assertEquals(3, lab.tokens.asked.size(), "challenges nothing");
    token("\"accessTokenToRenew\":\"old\"");
    assertEquals(4, lab.tokens.asked.size(), "the program does not want the kept one");
    assertEquals("decodedClaims is not a JSON object", context("\"decodedClaims\":\"x{\""));
  }

  @Test
  void aPopTokenIsBoundToTheKeyOfTheProgram() throws Exception {
    JsonObject reply =
        token("\"popParams\":{\"authenticationScheme\":\"pop\",\"kid\":\"k1\",\"nonce\":\"n\"}");
    assertEquals(1, reply.get("accessTokenType").getAsInt());
    assertEquals(Optional.of("k1"), lab.tokens.asked.get(0).popKey());
    token("\"popParams\":{\"authenticationScheme\":\"bearer\",\"kid\":\"k1\"}");
    token("\"popParams\":null");
    assertEquals(Optional.empty(), lab.tokens.asked.get(1).popKey());
  }

  @Test
  void redirectUris() throws Exception {
    token("\"redirectUri\":\"\"");
    token("\"redirectUri\":\"https://app/x?y=1\"");
    List<Optional<String>> redirects =
        lab.tokens.asked.stream().map(TokenRequest::redirectUri).toList();
    assertEquals(List.of(Optional.empty(), Optional.of("https://app/x?y=1")), redirects);
    assertEquals("Invalid redirectUri", context("\"redirectUri\":\"https://app/x#f\""));
    assertEquals("Invalid redirectUri", context("\"redirectUri\":\"https://app/ x\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"authParameters\":{\"clientId\":\"c\"}}",
        "{\"authParameters\":{\"clientId\":\"c\",\"requestedScopes\":[]}}",
        "{\"authParameters\":{\"clientId\":\"c\",\"requestedScopes\":\"s\"}}",
        "{\"authParameters\":{\"clientId\":\"c\",\"requestedScopes\":[\"a b\"]}}",
        "{\"authParameters\":{\"clientId\":\"c\",\"requestedScopes\":[1]}}",
        "{\"authParameters\":{\"requestedScopes\":[\"s\"]}}",
        "{\"authParameters\":{\"clientId\":\"c\\nd\",\"requestedScopes\":[\"s\"]}}",
        "{}",
        "[]",
        "",
        "nonsense",
        "{\"a\":1} x"
      })
  void whatIsNoTokenRequestIsRefusedAtTheRightPlace(String request) throws Exception {
    JsonObject reply = lab.call(SsoFixture.ADA, "acquireTokenSilently", request);
    JsonObject error = reply.getAsJsonObject("brokerTokenResponse").getAsJsonObject("error");
    assertEquals(BrokerStatus.WRONG_REQUEST.code(), error.get("status").getAsInt());
    assertEquals(0, error.get("subStatus").getAsInt());
    assertEquals(0, error.get("tag").getAsInt());
    assertEquals(0, error.get("errorCode").getAsInt());
    assertFalse(error.get("context").getAsString().isEmpty());
    assertEquals(List.of(), lab.tokens.asked);
  }

  @Test
  void theStatusSaysWhetherASignInMayHelp() throws Exception {
    assertEquals(BrokerStatus.INTERACTION_REQUIRED.code(), status(lab.token(SsoFixture.BOB, "")));
    JsonObject root = lab.call(0, "acquireTokenSilently", SsoFixture.ask(""));
    assertEquals(
        BrokerStatus.ACCOUNT_NOT_FOUND.code(), status(root.getAsJsonObject("brokerTokenResponse")));
    lab.tokens.refused = SsoFixture.refusal(Reason.CONSENT_REQUIRED, "AADSTS65001");
    assertEquals(BrokerStatus.INTERACTION_REQUIRED.code(), status(lab.token(SsoFixture.ADA, "")));
    lab.tokens.refused = null;
    lab.tokens.unavailable =
        new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "Cannot connect");
    assertEquals(BrokerStatus.NO_NETWORK.code(), status(lab.token(SsoFixture.ADA, "")));
  }

  private static int status(JsonObject reply) {
    return reply.getAsJsonObject("error").get("status").getAsInt();
  }

  @Test
  void theWordsOfTheDirectoryReachTheProgram() throws Exception {
    lab.tokens.refused = SsoFixture.refusal(Reason.CONSENT_REQUIRED, "AADSTS65001");
    assertEquals("AADSTS65001: the directory's words", context(""));
    assertEquals(List.of(), lab.renewed, "it is not about the renewal");
    lab.tokens.refused = null;
    assertTrue(token("").has("accessToken"));
  }

  @Test
  void withoutTheNetworkThereIsAnErrorAndAfterwardsAToken() throws Exception {
    lab.tokens.unavailable =
        new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "Cannot connect");
    assertEquals("Cannot connect", context(""));
    lab.tokens.unavailable = null;
    assertTrue(token("").has("accessToken"));
  }

  @Test
  void aDirectoryThatDoesNotAnswerCostsTheTimeThatThereIs() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    lab.tokens.meanwhile =
        () -> {
          try {
            Thread.sleep(Duration.ofSeconds(50));
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        };
    long begun = System.nanoTime();
    JsonObject reply =
        lab.call(5001, "acquireTokenSilently", SsoFixture.ask(""), Duration.ofMillis(300));
    assertTrue(System.nanoTime() - begun < Duration.ofSeconds(10).toNanos());
    assertEquals(
        "The directory did not answer in time",
        SsoFixture.context(reply.getAsJsonObject("brokerTokenResponse")));
    interrupted.await();
  }

  @Test
  void interactiveWantsARecentSignInIfTheProgramAsksForTheUser() throws Exception {
    lab.now = lab.now.plusSeconds(301);
    for (String prompt : List.of("login", "select_account")) {
      JsonObject reply =
          lab.call(
                  SsoFixture.ADA,
                  "acquireTokenInteractively",
                  SsoFixture.ask("\"prompt\":\"" + prompt + "\""))
              .getAsJsonObject("brokerTokenResponse");
      assertEquals("Failed to authenticate user", SsoFixture.context(reply));
    }
    assertTrue(interactively("").has("accessToken"), "what is held is enough");
    lab.signIn(SsoFixture.ADA);
    assertTrue(interactively("\"prompt\":\"login\"").has("accessToken"));
  }

  private JsonObject interactively(String more) throws InterruptedException {
    return lab.call(SsoFixture.ADA, "acquireTokenInteractively", SsoFixture.ask(more))
        .getAsJsonObject("brokerTokenResponse");
  }

  @Test
  void removeAccountForgetsTheTokensOfThatApplication() throws Exception {
    token("");
    token("\"clientId\":\"app-2\"");
    assertEquals(
        new JsonObject(), lab.call(SsoFixture.ADA, "removeAccount", "{\"clientId\":\"app-2\"}"));
    token("");
    assertEquals(2, lab.tokens.asked.size());
    token("\"clientId\":\"app-2\"");
    assertEquals(3, lab.tokens.asked.size());
    assertThrows(IllegalStateException.class, () -> lab.issued.get(1).access().copyBytes());
  }

  @Test
  void removeAccountWithoutAnApplicationForgetsAllTokens() throws Exception {
    token("");
    token("\"clientId\":\"app-2\"");
    lab.call(SsoFixture.ADA, "removeAccount", "{}");
    token("");
    token("\"clientId\":\"app-2\"");
    assertEquals(4, lab.tokens.asked.size());
  }

  @Test
  void fewTokensAreKeptAndNoneAfterTheEnd() throws Exception {
    for (int i = 0; i < 65; i++) {
      token("\"clientId\":\"app-" + i + "\"");
    }
    assertThrows(IllegalStateException.class, () -> lab.issued.get(0).access().copyBytes());
    lab.issued.get(1).access().copyBytes();
    lab.service.close();
    assertThrows(IllegalStateException.class, () -> lab.issued.get(1).access().copyBytes());
  }

  @Test
  void requestsAreBounded() throws Exception {
    String scopes = "\"s\",".repeat(64) + "\"s\"";
    assertEquals("Missing requestedScopes", context("\"requestedScopes\":[" + scopes + "]"));
    String deep = "[".repeat(5000) + "]".repeat(5000);
    assertEquals(
        "The request is not JSON",
        SsoFixture.context(
            lab.call(SsoFixture.ADA, "acquireTokenSilently", "{\"x\":" + deep + "}")
                .getAsJsonObject("brokerTokenResponse")));
  }

  @Test
  void otherMethods() throws Exception {
    assertEquals(
        "2.0.1",
        lab.call(1000, "getLinuxBrokerVersion", "{\"msalCppVersion\":\"1.28.0\"}")
            .get("linuxBrokerVersion")
            .getAsString());
    for (String method : List.of("cancelInteractiveFlow", "x")) {
      assertEquals("Not implemented", SsoFixture.context(lab.call(SsoFixture.ADA, method, "{}")));
    }
  }
}
