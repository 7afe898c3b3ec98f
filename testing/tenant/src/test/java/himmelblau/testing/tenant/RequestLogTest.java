package himmelblau.testing.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.RequestLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log of requests shows, and what it must not. */
class RequestLogTest {
  private static final String SECRET = "Sesame-471100";
  private final RequestLog log = new RequestLog();

  private JsonObject record(String path, String query, String body, Map<String, String> headers) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Request request =
        new Request("POST", "login.example", path, query, headers, bytes, Optional.empty());
    log.record(Instant.EPOCH, request, Reply.text(200, ""), Optional.empty(), 0);
    return log.all().get(log.all().size() - 1).getAsJsonObject();
  }

  private JsonObject body(String body) {
    return record("/", "", body, Map.of()).getAsJsonObject("body");
  }

  private void nothingSecret(JsonObject entry) {
    String shown = entry + RequestLog.line(entry);
    assertFalse(shown.contains(SECRET), shown);
    assertFalse(shown.contains("471100"), shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "passwd",
        "password",
        "OldPassword",
        "NewPassword",
        "currentpasswd",
        "newpasswd",
        "confirmnewpasswd",
        "accesspass",
        "AdditionalAuthData",
        "otc",
        "code",
        "device_code",
        "DeviceCode",
        "OldDeviceCode",
        "user_code",
        "code_verifier",
        "client_secret",
        "refresh_token",
        "previous_refresh_token",
        "access_token",
        "id_token_hint",
        "subject_token",
        "flowToken",
        "FlowToken",
        "flowtoken",
        "serverChallenge",
        "canary",
        "loginCanary",
        "lmcCanary",
        "assertion",
        "client_assertion",
        "request",
        "psRNGCSLK",
        "psRNGCEntropy",
        "x-ms-RefreshTokenCredential",
        "sessionCookie",
      })
  void hidesWhatTheseNamesCarryWhereverTheyAre(String name) {
    String field = Forms.encode(name) + "=" + SECRET;
    nothingSecret(record("/", field, "", Map.of()));
    nothingSecret(record("/", "", "a=b&" + field, Map.of()));
    nothingSecret(record("/", "", "{\"" + name + "\":\"" + SECRET + "\"}", Map.of()));
    nothingSecret(record("/", "", "{\"" + name + "\":471100}", Map.of()));
    nothingSecret(record("/", "", "{\"" + name + "\":[\"" + SECRET + "\"]}", Map.of()));
    nothingSecret(record("/", "", "{\"a\":[{\"" + name + "\":\"" + SECRET + "\"}]}", Map.of()));
    nothingSecret(record("/", "", "{\"a\":{\"" + name + "\":\"" + SECRET + "\"}}", Map.of()));
  }

  @Test
  void hidesAnObjectUnderASecretName() {
    nothingSecret(record("/", "", "{\"otc\":{\"value\":\"" + SECRET + "\"}}", Map.of()));
  }

  @Test
  void hidesABodyThatCannotBeRead() {
    nothingSecret(record("/", "", "{\"passwd\":\"" + SECRET + "\"", Map.of()));
    nothingSecret(record("/", "", "[{\"passwd\":\"" + SECRET + "\"}]", Map.of()));
    nothingSecret(record("/", "", "<p>" + SECRET + "</p>", Map.of()));
    nothingSecret(record("/", "", "{\"passwd=" + SECRET + "\"", Map.of()));
  }

  @Test
  void hidesHeadersThatProveSomething() {
    for (String header :
        new String[] {
          "authorization", "x-ms-refreshtokencredential", "x-ms-devicecredential", "cookie"
        }) {
      nothingSecret(record("/", "", "", Map.of(header, SECRET)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FT.0123456789abcdef.Sesame-471100",
        "CTX.0123456789abcdef.Sesame-471100",
        "Cn.0123456789abcdef.Sesame-471100=0:1",
        "esctx-0123456789abcdef=Sesame-471100",
        "rngc-Sesame-471100",
        "HAQABAAEAAADSesame-471100",
        "eyJhbGciOiJub25lIn0.eyJhIjoiYiJ9.Sesame-471100",
      })
  void hidesWhatTheTenantGivesOutUnderAnyName(String value) {
    nothingSecret(record("/", "anything=" + value, "", Map.of()));
    nothingSecret(record("/", "", "url=https://a.example/b?c=" + Forms.encode(value), Map.of()));
    nothingSecret(record("/", "", "{\"any\":[\"Bearer " + value + "\"]}", Map.of()));
    nothingSecret(record("/", "", "{\"" + value + "\":1}", Map.of()));
    nothingSecret(record("/a/" + value, "", "", Map.of("user-agent", value)));
  }

  @Test
  void hidesCodesAndTokensUnderAnyName() {
    for (String kind : new String[] {"0.", "1."}) {
      nothingSecret(record("/", "any=" + kind + "A".repeat(90) + SECRET, "", Map.of()));
    }
  }

  @Test
  void hidesATokenThatCannotBeOpened() {
    nothingSecret(record("/", "assertion=eyJhbGciOiJub25lIn0.eyJh." + SECRET, "", Map.of()));
    nothingSecret(record("/", "any=eyJhbGciOiJub25lIn0.." + SECRET, "", Map.of()));
  }

  @Test
  void opensTokensWithoutTheirSignaturesAndSecretClaims() {
    String jwt =
        Encoding.b64u(Encoding.utf8("{\"alg\":\"RS256\",\"x5c\":[\"AA\"],\"kid\":\"k1\"}"))
            + "."
            + Encoding.b64u(
                Encoding.utf8(
                    "{\"aud\":\"here\",\"password\":\""
                        + SECRET
                        + "\",\"refresh_token\":\""
                        + SECRET
                        + "\"}"))
            + "."
            + Encoding.b64u(Encoding.utf8(SECRET));
    JsonObject entry =
        record("/", "", "request=" + jwt, Map.of("x-ms-refreshtokencredential", jwt));
    nothingSecret(entry);
    assertFalse(entry.toString().contains(Encoding.b64u(Encoding.utf8(SECRET))));
    JsonObject opened = entry.getAsJsonObject("body").getAsJsonObject("request");
    assertEquals("here", opened.getAsJsonObject("claims").get("aud").getAsString());
    assertEquals("k1", opened.getAsJsonObject("header").get("kid").getAsString());
  }

  @Test
  void showsTheRest() {
    JsonObject shown =
        body(
            "grant_type=refresh_token&requested_token_use=on_behalf_of&client_assertion_type=urn:a"
                + "&login=eyal.b@example.com&code_challenge_method=S256&scope=openid%20profile"
                + "&credentialsJson=AQID&%24select=id");
    assertEquals(8, shown.size(), shown.toString());
    assertFalse(shown.toString().contains("***"), shown.toString());
    JsonObject json = body("{\"JoinType\":0,\"flag\":true,\"none\":null,\"list\":[\"a\",2]}");
    assertEquals("{\"JoinType\":0,\"flag\":true,\"none\":null,\"list\":[\"a\",2]}", text(json));
    assertTrue(body("data=" + "x".repeat(500)).get("data").getAsString().endsWith("x…"));
  }

  private static String text(JsonObject object) {
    return Reply.GSON.toJson(object);
  }
}
