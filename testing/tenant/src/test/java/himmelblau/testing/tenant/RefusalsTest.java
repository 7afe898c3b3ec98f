package himmelblau.testing.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsTest {
  private static final String TENANT = "example.onmicrosoft.com";
  private static final String USER = "user01@example.onmicrosoft.com";
  private static final String BROKER = "29d9ed98-a469-4536-ade2-f981bc1d605e";
  private InProcess tenant;

  @BeforeEach
  void start() throws Exception {
    tenant = new InProcess();
    User user = tenant.service().directory().user(USER).orElseThrow();
    tenant.service().directory().put(user.withMethods(List.of()));
  }

  private Reply token(String where, Map<String, String> change) {
    Map<String, String> form = new HashMap<>();
    form.put("client_id", BROKER);
    form.put("grant_type", "password");
    form.put("username", USER);
    form.put("password", "Passw0rd!");
    form.put("scope", "openid offline_access https://graph.microsoft.com/.default");
    form.putAll(change);
    return tenant.post("/" + where + "/oauth2/v2.0/token", form);
  }

  @Test
  void givesTokensToWhoeverIsRight() {
    assertEquals(200, token(TENANT, Map.of()).status());
    assertEquals(200, token("organizations", Map.of()).status());
  }

  @ParameterizedTest
  @CsvSource({
    "password, wrong, 50126",
    "username, nobody@example.onmicrosoft.com, 50034",
    "username, user01@0pndv.onmicrosoft.com, 50034",
    "username, user02@example.onmicrosoft.com, 50076",
    "client_id, 00000000-1111-2222-3333-444444444444, 700016",
    "client_id, '', 900144",
    "grant_type, magic, 70003",
    "grant_type, '', 900144",
    "scope, https://nowhere.example/.default, 500011",
    "scope, '', 70011",
    "scope, https://graph.microsoft.com/.default https://graph.microsoft.com/User.Read, 70011",
    "scope, https://graph.microsoft.com/User.Read 01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9/x, 700022",
    "scope, 01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9/.default, 50072",
  })
  void refusesWithTheNumberOfTheService(String field, String value, int code) {
    assertEquals(code, InProcess.code(token(TENANT, Map.of(field, value))));
  }

  @Test
  void refusesUnknownTenants() {
    assertEquals(90002, InProcess.code(token("nowhere.example", Map.of())));
  }

  @Test
  void refusesRefreshTokensOfOthersAndOldAndRevokedOnes() {
    String refresh = InProcess.json(token(TENANT, Map.of())).get("refresh_token").getAsString();
    Map<String, String> form =
        new HashMap<>(Map.of("grant_type", "refresh_token", "refresh_token", refresh));
    assertEquals(200, token(TENANT, form).status());
    assertEquals(50020, InProcess.code(token("0pndv.onmicrosoft.com", form)));
    form.put("client_id", "d3590ed6-52b3-4102-aeff-aad2292ab01c");
    assertEquals(70000, InProcess.code(token(TENANT, form)));
    form.put("client_id", BROKER);
    tenant.service().clock().skew(Duration.ofDays(91));
    assertEquals(700082, InProcess.code(token(TENANT, form)));
    tenant.service().clock().skew(Duration.ZERO);
    User user = tenant.service().directory().user(USER).orElseThrow();
    tenant
        .service()
        .directory()
        .put(user.withTokensValidFrom(tenant.service().clock().now().plusSeconds(1)));
    assertEquals(50173, InProcess.code(token(TENANT, form)));
    tenant.service().directory().remove(user);
    assertEquals(500341, InProcess.code(token(TENANT, form)));
  }

  @Test
  void numbersAreTextInVersion1AndNumbersInVersion2() {
    assertTrue(InProcess.json(token(TENANT, Map.of())).getAsJsonPrimitive("expires_in").isNumber());
    Reply v1 =
        tenant.post(
            "/common/oAuth2/token",
            Map.of(
                "client_id", BROKER,
                "grant_type", "password",
                "username", USER,
                "password", "Passw0rd!",
                "resource", "https://graph.microsoft.com"));
    assertTrue(InProcess.json(v1).getAsJsonPrimitive("expires_in").isString());
  }

  @Test
  void theFirstPageIsCutOutTheStrictWay() {
    Reply page =
        tenant.get(
            "login.microsoftonline.com",
            "//" + TENANT + "/OAuth2/Authorize",
            Map.of("client_id", BROKER, "redirect_uri", "msauth://microsoft.aad.brokerplugin"));
    String body = page.bodyText();
    int start = body.indexOf("$Config=") + 8;
    int end = body.indexOf("//]]></script>");
    assertEquals(";\n", body.substring(end - 2, end));
    String json = body.substring(start, end - 2);
    assertFalse(json.contains("&") || json.contains("<") || json.contains(">"));
    assertTrue(json.startsWith("{\"pgid\":\"ConvergedSignIn\""));
    for (String marker :
        List.of("Click Submit to continue", "Working...", "<input type=\"submit\"")) {
      assertFalse(body.contains(marker), marker);
    }
  }

  @Test
  void discoveryKnowsItsDomainsOnly() {
    String host = "odc.officeapps.live.com";
    String path = "/odc/v2.1/federationProvider";
    Reply known = tenant.get(host, path, Map.of("domain", TENANT));
    assertEquals(
        "1c0de5a1-7e57-4a11-8000-e8a3910a0001",
        InProcess.json(known).get("tenantId").getAsString());
    assertEquals(404, tenant.get(host, path, Map.of("domain", "nowhere.example")).status());
  }
}
