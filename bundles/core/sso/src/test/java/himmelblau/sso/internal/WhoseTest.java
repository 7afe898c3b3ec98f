package himmelblau.sso.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.secret.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The uid of the peer decides whose tokens there are, and nothing else does. */
@NullUnmarked
class WhoseTest {
  private static final List<String> METHODS =
      List.of(
          "acquireTokenSilently",
          "acquireTokenInteractively",
          "acquirePrtSsoCookie",
          "generateSignedHttpRequest",
          "removeAccount");

  @TempDir Path temp;
  private SsoFixture lab;

  @BeforeEach
  void signIn() {
    lab = new SsoFixture(temp);
    lab.signIn(SsoFixture.ADA);
  }

  private JsonArray accounts(long uid) throws InterruptedException {
    return lab.call(uid, "getAccounts", "{\"clientId\":\"x\"}").getAsJsonArray("accounts");
  }

  @Test
  void anAccountHasAllMembersThatProgramsDemand() throws Exception {
    JsonArray accounts = accounts(5001);
    assertEquals(1, accounts.size());
    JsonObject account = accounts.get(0).getAsJsonObject();
    String oid = SsoFixture.ADA.objectId().orElseThrow().toString();
    Map<String, String> texts =
        Map.of(
            "environment", "login.windows.net",
            "homeAccountId", oid + "." + SsoFixture.TENANT,
            "localAccountId", oid,
            "realm", SsoFixture.TENANT,
            "username", "ada@example.org",
            "name", "User ada@example.org",
            "givenName", "User ada@example.org");
    texts.forEach((name, text) -> assertEquals(text, account.get(name).getAsString(), name));
    assertEquals(0, account.get("passwordExpiry").getAsInt());
  }

  @Test
  void whoHasNotSignedInSinceTheBootHasAnAccountAndNoToken() throws Exception {
    assertEquals("User bob", accounts(5002).get(0).getAsJsonObject().get("name").getAsString());
    assertEquals("Failed to authenticate user", SsoFixture.context(lab.token(SsoFixture.BOB, "")));
    assertEquals(List.of(), lab.tokens.asked);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1000, 4_294_967_295L})
  void otherUidsHaveNothing(long uid) throws Exception {
    assertEquals(0, accounts(uid).size());
    for (String method : METHODS) {
      assertFalse(lab.call(uid, method, SsoFixture.ask("")).toString().contains("prt-of"), method);
    }
    JsonObject reply =
        lab.call(uid, "acquireTokenSilently", SsoFixture.ask(""))
            .getAsJsonObject("brokerTokenResponse");
    assertEquals("Unable to find account", SsoFixture.context(reply));
    assertEquals(List.of(), lab.tokens.asked);
  }

  @Test
  void rootHasNoAccountEvenIfTheDirectoryGivesItOne() throws Exception {
    lab.accounts.put(0L, SsoFixture.ADA);
    assertEquals(0, accounts(0).size());
  }

  @Test
  void aForeignNameIsRefusedWhereverItStands() throws Exception {
    lab.signIn(SsoFixture.BOB);
    String scopes = "\"clientId\":\"c\",\"requestedScopes\":[\"s\"]";
    String foreign = "{\"username\":\"bob@example.org\"}";
    List<String> requests =
        List.of(
            "{\"account\":" + foreign + ",\"authParameters\":{" + scopes + "}}",
            "{\"authParameters\":{\"account\":" + foreign + "," + scopes + "}}",
            "{\"authParameters\":{\"username\":\"bob@example.org\"," + scopes + "}}",
            "{\"account\":{\"username\":\"ada@example.org\"},\"authParameters\":{\"account\":"
                + foreign
                + ","
                + scopes
                + "}}");
    for (String request : requests) {
      for (String method : METHODS) {
        JsonObject reply = lab.call(SsoFixture.ADA, method, request);
        JsonObject holder =
            method.startsWith("acquireToken")
                ? reply.getAsJsonObject("brokerTokenResponse")
                : reply;
        assertEquals("Invalid request for user!", SsoFixture.context(holder), method + request);
      }
    }
    assertEquals(List.of(), lab.tokens.asked);
  }

  @Test
  void theOwnNameInAnyCaseAndUnknownMembersAreFine() throws Exception {
    String account =
        """
        "account":{"username":"ADA@Example.org","alternativeAccountId":1,"x":{"y":[]}},"z":null""";
    assertTrue(lab.token(SsoFixture.ADA, account).has("accessToken"));
    String root =
        "{\"account\":{\"username\":\"ada@example.org\"}," + SsoFixture.ask("").substring(1);
    assertTrue(
        lab.call(SsoFixture.ADA, "acquireTokenSilently", root)
            .getAsJsonObject("brokerTokenResponse")
            .has("accessToken"));
  }

  @Test
  void aRenewalOfSomebodyElseIsNeverUsed() throws Exception {
    try (Secret renewal = Secret.ofText("prt-of-bob")) {
      lab.service.signedIn(SsoFixture.ADA, renewal);
    }
    assertEquals("Failed to authenticate user", SsoFixture.context(lab.token(SsoFixture.ADA, "")));
    assertEquals(List.of(), lab.tokens.asked);
  }

  @Test
  void whoGetsTheUidOfAnotherGetsNoneOfItsTokens() throws Exception {
    lab.token(SsoFixture.ADA, "");
    Account ada = SsoFixture.ADA;
    lab.accounts.put(
        5001L,
        new Account(
            ada.name(), // made anew in the directory
            Optional.of(java.util.UUID.randomUUID()),
            ada.passwd(),
            ada.homePrefix(),
            ada.homeName(),
            List.of(),
            List.of()));
    assertEquals("Failed to authenticate user", SsoFixture.context(lab.token(ada, "")));
    lab.accounts.put(
        5001L,
        new Account(
            ada.name(),
            Optional.empty(), // not confirmed
            ada.passwd(),
            ada.homePrefix(),
            ada.homeName(),
            List.of(),
            List.of()));
    assertEquals("Unable to find account", SsoFixture.context(lab.token(ada, "")));
  }

  private void ada(String domain) {
    Account ada = SsoFixture.ADA;
    lab.accounts.put(
        5001L,
        new Account(
            new AccountName("ada", domain),
            ada.objectId(),
            ada.passwd(),
            ada.homePrefix(),
            ada.homeName(),
            List.of(),
            List.of()));
  }

  @Test
  void otherDomainsOfTheTenantAreServedAndOtherTenantsAreNot() throws Exception {
    ada("example.net");
    assertEquals(1, accounts(5001).size());
    ada("example.com");
    assertEquals(0, accounts(5001).size());
    ada("example.org");
    lab.domains.remove(lab.tokens);
    lab.domains.add(lab.tokens, "example.com");
    assertEquals(0, accounts(5001).size(), "tokens of another domain");
  }

  @Test
  void aSignInWithoutAnObjectIdOrTokensLeavesNothing() throws Exception {
    lab.service.forgetAll();
    lab.domains.remove(lab.tokens);
    lab.signIn(SsoFixture.ADA);
    assertEquals(List.of(), lab.service.all());
  }

  @Test
  void aDomainThatGivesNoTokensHasNoAccounts() throws Exception {
    lab.domains.remove(lab.tokens);
    assertEquals(0, accounts(5001).size());
    assertEquals("Unable to find account", SsoFixture.context(lab.token(SsoFixture.ADA, "")));
  }
}
