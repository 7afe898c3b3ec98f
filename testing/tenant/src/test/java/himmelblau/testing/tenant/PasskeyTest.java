package himmelblau.testing.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.WebAuthn;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passkeys as first and second factor, as a native client drives the pages. */
class PasskeyTest {
  private static final String HOST = "login.microsoftonline.com";
  private static final String TENANT = "example.onmicrosoft.com";
  private static final String USER = "user01@" + TENANT;
  private static final byte[] ID = {1, 2, 3, 4};
  private static final int PRESENT = 1;
  private static final int VERIFIED = 4;

  private InProcess tenant;
  private KeyPair key;
  private int counter;
  private String origin = "https://login.microsoft.com";
  private String cookie = "";

  @BeforeEach
  void start() throws Exception {
    tenant = new InProcess();
    key = newKey();
    User user = user(USER);
    tenant.service().directory().put(user.withMethods(List.of("FidoKey")));
    tenant.service().credentials().add(user, passkey(key));
  }

  @Test
  void aVerifiedUserIsSignedIn() throws Exception {
    JsonObject page = open();
    Reply reply = post(page, challenge(page), PRESENT | VERIFIED);
    assertEquals(302, reply.status(), reply.bodyText());
  }

  @Test
  void presenceAloneIsNoFirstFactor() throws Exception {
    JsonObject page = open();
    JsonObject refused = config(post(page, challenge(page), PRESENT));
    assertEquals("ConvergedSignIn", refused.get("pgid").getAsString());
    assertEquals("500121", refused.get("sErrorCode").getAsString());
    assertTrue(
        refused.get("sErrTxt").getAsString().contains("presence alone is no first factor"),
        refused.toString());
  }

  @Test
  void presenceIsEnoughAfterAPassword() throws Exception {
    JsonObject first = open();
    JsonObject page =
        config(form(first, "/common/login", Map.of("login", USER, "passwd", "Passw0rd!")));
    assertEquals("ConvergedTFA", page.get("pgid").getAsString());
    Reply reply = post(page, challenge(page), PRESENT);
    assertEquals(302, reply.status(), reply.bodyText());
  }

  @Test
  void aPasskeyWithoutAPresentUserIsNoFactorAtAll() throws Exception {
    JsonObject page = open();
    JsonObject refused = config(post(page, challenge(page), VERIFIED));
    assertTrue(
        refused.get("sErrTxt").getAsString().contains("user was not present"), refused.toString());
  }

  private void refuses(String why) throws Exception {
    JsonObject page = open();
    JsonObject refused = config(post(page, challenge(page), PRESENT | VERIFIED));
    assertTrue(refused.get("sErrTxt").getAsString().contains(why), refused.toString());
  }

  @Test
  void aSignatureOfAnotherKeyIsRefused() throws Exception {
    key = newKey();
    refuses("signature does not hold");
  }

  @Test
  void anAssertionForAnotherOriginIsRefused() throws Exception {
    origin = "https://login.example.org";
    refuses("origin is not https://login.microsoft.com");
  }

  @Test
  void aCounterThatDoesNotGrowIsRefused() throws Exception {
    countTo(5);
    counter = 5 - 1;
    refuses("counter did not grow");
  }

  @Test
  void aRefusedReplayDoesNotOpenTheWayForALaterOne() throws Exception {
    countTo(5);
    counter = 2 - 1;
    refuses("counter did not grow");
    counter = 3 - 1;
    refuses("counter did not grow");
    counter = 6 - 1;
    JsonObject page = open();
    Reply reply = post(page, challenge(page), PRESENT | VERIFIED);
    assertEquals(302, reply.status(), reply.bodyText());
  }

  private void countTo(int count) throws Exception {
    counter = count - 1;
    JsonObject page = open();
    Reply reply = post(page, challenge(page), PRESENT | VERIFIED);
    assertEquals(302, reply.status(), reply.bodyText());
    cookie = "";
  }

  @Test
  void aCredentialIdIsRegisteredOnce() throws Exception {
    WebAuthn.Passkey second = passkey(newKey());
    for (String owner : List.of(USER, "user02@" + TENANT)) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> tenant.service().credentials().add(user(owner), second));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("credential id already"),
          refused.getMessage());
    }
    assertEquals(1, tenant.service().credentials().passkeys(user(USER)).size());
    assertEquals(0, tenant.service().credentials().passkeys(user("user02@" + TENANT)).size());
    tenant.service().credentials().removePasskeys(user(USER));
    tenant.service().credentials().add(user(USER), second);
  }

  @Test
  void theLogShowsNothingThatTheTenantGaveOut() throws Exception {
    JsonObject page = open();
    JsonObject fido = challenge(page);
    String cookieOfTheFlow = cookie.substring(cookie.indexOf('=') + 1);
    post(page, fido, PRESENT | VERIFIED);
    String log = tenant.service().log().all().toString();
    assertTrue(log.contains("/common/fido/get") && log.contains("/common/login"), log);
    for (String secret :
        List.of(
            page.get("sFT").getAsString(),
            page.get("sCtx").getAsString(),
            page.get("canary").getAsString(),
            page.get("urlResume").getAsString().replaceFirst(".*ctx=", ""),
            fido.get("sCrossDomainCanary").getAsString(),
            fido.get("sFT").getAsString(),
            cookieOfTheFlow,
            "clientDataJSON")) {
      assertFalse(secret.isEmpty());
      assertFalse(log.contains(secret), secret + " in " + log);
    }
  }

  private User user(String upn) {
    return tenant.service().directory().user(upn).orElseThrow();
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static WebAuthn.Passkey passkey(KeyPair key) {
    return WebAuthn.Passkey.of(ID, key.getPublic().getEncoded(), new byte[0], false);
  }

  private JsonObject open() {
    return config(
        tenant.get(
            HOST,
            "/common/oauth2/v2.0/authorize",
            Map.of(
                "client_id", "29d9ed98-a469-4536-ade2-f981bc1d605e",
                "redirect_uri", "msauth://Microsoft.AAD.BrokerPlugin",
                "response_type", "code",
                "scope", "openid https://graph.microsoft.com/.default")));
  }

  private JsonObject challenge(JsonObject page) {
    String token = page.get("sFT").getAsString();
    return config(
        form(
            page,
            "/common/fido/get",
            Map.of(
                "canary", token,
                "serverChallenge", token,
                "credentialsJson", Encoding.b64(ID),
                "username", USER,
                "loginCanary", page.get("canary").getAsString(),
                "resumeUrl", page.get("urlResume").getAsString(),
                "postBackUrl", page.get("urlPost").getAsString())));
  }

  private Reply post(JsonObject page, JsonObject fido, int flags) throws Exception {
    byte[] client =
        Encoding.utf8(
            "{\"challenge\":\""
                + Encoding.b64u(Encoding.utf8(fido.get("sFidoChallenge").getAsString()))
                + "\",\"origin\":\""
                + origin
                + "\",\"type\":\"webauthn.get\"}");
    byte[] data =
        ByteBuffer.allocate(37)
            .put(Encoding.sha256(Encoding.utf8(WebAuthn.RP_ID)))
            .put((byte) flags)
            .putInt(++counter)
            .array();
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key.getPrivate());
    signer.update(data);
    signer.update(Encoding.sha256(client));
    JsonObject assertion = new JsonObject();
    assertion.addProperty("id", Encoding.b64u(ID));
    assertion.addProperty("clientDataJSON", Encoding.b64u(client));
    assertion.addProperty("authenticatorData", Encoding.b64u(data));
    assertion.addProperty("signature", Encoding.b64u(signer.sign()));
    return form(
        page,
        "/common/login",
        Map.of(
            "type", "23",
            "assertion", assertion.toString(),
            "lmcCanary", fido.get("sCrossDomainCanary").getAsString()));
  }

  private Reply form(JsonObject page, String path, Map<String, String> typed) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("flowToken", page.get("sFT").getAsString());
    fields.put("ctx", page.get("sCtx").getAsString());
    fields.put("canary", page.get("canary").getAsString());
    fields.putAll(typed);
    return tenant.call(
        "POST",
        HOST,
        path,
        "",
        Forms.query(fields).getBytes(StandardCharsets.UTF_8),
        Map.of("cookie", cookie));
  }

  private JsonObject config(Reply reply) {
    reply.headers().stream()
        .filter(header -> header.getKey().equals("Set-Cookie"))
        .forEach(header -> cookie = header.getValue().split(";")[0]);
    String body = reply.bodyText();
    int start = body.indexOf("$Config=");
    assertTrue(start > 0, reply.status() + " " + body);
    return JsonParser.parseString(body.substring(start + 8, body.indexOf(";\n//]]>")))
        .getAsJsonObject();
  }
}
