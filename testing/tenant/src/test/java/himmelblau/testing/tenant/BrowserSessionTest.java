package himmelblau.testing.tenant;

import static himmelblau.testing.tenant.PageBrowser.assertTitle;
import static himmelblau.testing.tenant.PageBrowser.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A browser at the protected application: asked once, then in, until something ends it. */
class BrowserSessionTest {
  private static final String UPN = "user02@example.onmicrosoft.com";
  private static final String APP = "https://myapps.microsoft.com/";

  private InProcess tenant;
  private final Map<String, Map<String, String>> jar = new HashMap<>();
  private String accept = "text/html,*/*";

  @BeforeEach
  void start() throws Exception {
    tenant = new InProcess();
    tenant.service().settings().set("mfa", "never");
  }

  private User user() {
    return tenant.service().directory().user(UPN).orElseThrow();
  }

  private Reply call(String method, String url, String body) {
    URI uri = URI.create(url);
    Map<String, String> cookies = jar.computeIfAbsent(uri.getHost(), host -> new HashMap<>());
    StringBuilder header = new StringBuilder();
    cookies.forEach((name, value) -> header.append(name + "=" + value + "; "));
    Reply reply =
        tenant.call(
            method,
            uri.getHost(),
            uri.getPath().isEmpty() ? "/" : uri.getPath(),
            uri.getRawQuery() == null ? "" : uri.getRawQuery(),
            body.getBytes(StandardCharsets.UTF_8),
            Map.of("cookie", header.toString(), "accept", accept));
    for (Map.Entry<String, String> each : reply.headers()) {
      if (each.getKey().equals("Set-Cookie")) {
        String[] pair = each.getValue().split(";")[0].split("=", 2);
        cookies.put(pair[0], pair[1]);
      }
    }
    return reply.status() == 302 ? call("GET", location(reply), "") : reply;
  }

  private static String location(Reply reply) {
    return reply.headers().stream()
        .filter(header -> header.getKey().equals("Location"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private Reply open(String url) {
    return call("GET", url, "");
  }

  private Reply signIn(Reply page) {
    assertTitle("Sign in", page);
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher hidden =
        Pattern.compile("type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\"")
            .matcher(page.bodyText());
    while (hidden.find()) {
      fields.put(hidden.group(1), hidden.group(2));
    }
    fields.put("login", UPN);
    fields.put("passwd", user().password());
    return call("POST", "https://login.microsoftonline.com/common/login", Forms.query(fields));
  }

  private void enter() {
    Reply page = signIn(open(APP));
    assertEquals(UPN, text(page, "who"));
    assertEquals("none", text(page, "device"));
  }

  @Test
  void theNextApplicationAsksNothing() {
    enter();
    assertEquals(UPN, text(open(APP), "who"));
    jar.remove("myapps.microsoft.com");
    assertEquals(UPN, text(open(APP), "who"));
    assertEquals(UPN, text(open(APP + "?prompt=none"), "who"));
  }

  @Test
  void promptsAreHonoured() {
    assertTrue(text(open(APP + "?prompt=none"), "error").startsWith("AADSTS50058"));
    enter();
    assertTitle("Sign in", open(APP + "?prompt=login"));
    assertTitle("Sign in", open(APP + "?prompt=select_account"));
  }

  @Test
  void aSignOutEndsBothSessions() {
    enter();
    assertEquals("You signed out of My Apps", text(open(APP + "signout"), "message"));
    assertTitle("Sign in", open(APP));
    assertEquals(
        "You signed out of your account",
        text(
            open(
                "https://login.microsoftonline.com/common/oauth2/logout"
                    + "?post_logout_redirect_uri=https://elsewhere.example/"),
            "message"));
  }

  @Test
  void revokedAndDisabledUsersAreAsked() {
    enter();
    tenant.service().directory().put(user().withTokensValidFrom(Instant.now().plusSeconds(60)));
    assertTitle("Sign in", open(APP));
    tenant.service().directory().put(user().withTokensValidFrom(Instant.EPOCH));
    assertEquals(UPN, text(open(APP), "who"));
    tenant.service().directory().put(user().withEnabled(false));
    assertTitle("Sign in", open(APP));
  }

  @Test
  void aClientThatIsNoBrowserHasNoSession() {
    enter();
    jar.remove("myapps.microsoft.com");
    accept = "*/*";
    assertTitle("Sign in", open(APP));
  }

  @Test
  void conditionalAccessMayDemandADevice() {
    tenant.service().settings().set("require-device", "true");
    Reply page = signIn(open(APP));
    assertTrue(page.bodyText().contains("53000"), page.bodyText());
  }

  @Test
  void anAnswerForAnotherBrowserIsRefused() {
    enter();
    Map<String, String> app = jar.get("myapps.microsoft.com");
    app.remove("session");
    app.put("state", "other");
    assertEquals(
        "The answer is not for this browser",
        text(open(APP + "signin?code=1.x&state=" + "mine"), "error"));
    assertEquals("The code is not valid", text(open(APP + "signin?code=1.x&state=other"), "error"));
  }
}
