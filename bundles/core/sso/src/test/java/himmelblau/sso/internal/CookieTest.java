package himmelblau.sso.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import himmelblau.api.domain.SignInRefused.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
class CookieTest {
  private static final String METHOD = "acquirePrtSsoCookie";
  private static final String HOST = "https://login.microsoftonline.com/";

  @TempDir Path temp;
  private SsoFixture lab;

  @BeforeEach
  void signIn() {
    lab = new SsoFixture(temp);
    lab.signIn(SsoFixture.ADA);
  }

  private JsonObject cookie(String url) throws InterruptedException {
    return lab.call(SsoFixture.ADA, METHOD, "{\"ssoUrl\":\"" + url + "\"}");
  }

  @Test
  void theReplyHasBothForms() throws Exception {
    JsonObject reply = cookie(HOST);
    JsonObject item = reply.getAsJsonArray("cookieItems").get(0).getAsJsonObject();
    for (JsonObject form : List.of(reply, item)) {
      assertEquals("x-ms-RefreshTokenCredential", form.get("cookieName").getAsString());
      assertEquals("prt-of-ada", form.get("cookieContent").getAsString());
    }
    JsonObject account = reply.getAsJsonObject("account");
    assertEquals("login.microsoftonline.com", account.get("environment").getAsString());
    assertEquals("ada@example.org", account.get("username").getAsString());
  }

  @Test
  void theNonceOfTheAddressIsUsed() throws Exception {
    cookie(HOST + "common/oauth2/authorize?a=b&sso_nonce=AwAB%2Bx-y_z&c=d#sso_nonce=no");
    cookie(HOST + "?sso_nonce=");
    cookie(HOST + "?xsso_nonce=a");
    lab.call(
        SsoFixture.ADA, METHOD, "{\"authParameters\":{\"ssoUrl\":\"https://x/?sso_nonce=n\"}}");
    lab.call(SsoFixture.ADA, METHOD, "{}");
    assertEquals(
        List.of(
            Optional.of("AwAB+x-y_z"),
            Optional.empty(),
            Optional.empty(),
            Optional.of("n"),
            Optional.empty()),
        lab.tokens.nonces);
    assertEquals("Invalid sso_nonce", SsoFixture.context(cookie(HOST + "?sso_nonce=a%0Ab")));
  }

  @Test
  void whoHasNoRenewalGetsAnError() throws Exception {
    JsonObject reply = lab.call(SsoFixture.BOB, METHOD, "{}");
    assertEquals("Failed to fetch prt sso cookie", SsoFixture.context(reply));
    lab.tokens.refused = SsoFixture.refusal(Reason.RENEWAL_DEAD, "");
    assertEquals("Failed to fetch prt sso cookie", SsoFixture.context(cookie(HOST)));
    lab.tokens.refused = null;
    assertEquals("Failed to fetch prt sso cookie", SsoFixture.context(cookie(HOST)), "dropped");
  }

  @Test
  void noBrowserWaitsForARenewal() throws Exception {
    lab.now = lab.now.plusSeconds(4 * 3600);
    assertEquals("prt-of-ada", cookie(HOST).get("cookieContent").getAsString());
    for (int i = 0; i < 500 && lab.renewed.isEmpty(); i++) {
      Thread.sleep(10);
    }
    for (int i = 0; i < 500; i++) {
      if (cookie(HOST).get("cookieContent").getAsString().equals("prt-of-ada'")) {
        break;
      }
      Thread.sleep(10);
    }
    assertEquals("prt-of-ada'", cookie(HOST).get("cookieContent").getAsString());
    assertTrue(lab.renewed.size() == 1, lab.renewed.toString());
    assertTrue(lab.token(SsoFixture.ADA, "").has("accessToken"), "nothing is locked");
  }
}
