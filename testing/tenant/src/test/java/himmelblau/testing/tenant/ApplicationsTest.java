package himmelblau.testing.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Group;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications, their directory extensions, and who may write what. */
class ApplicationsTest {
  private static final String GRAPH = "graph.microsoft.com";
  private static final String UPN = "user01@example.onmicrosoft.com";
  private static final UUID CLIENT = UUID.fromString("00001111-aaaa-2222-bbbb-3333cccc4444");
  private static final String GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";
  private static final String AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
  private static final String EDGE = "d7b530a4-7680-4c23-a8bf-c52c121d2e87";
  private InProcess service;
  private Tenant tenant;

  @BeforeEach
  void start() throws Exception {
    service = new InProcess();
    tenant = service.service().directory().tenant("example.onmicrosoft.com").orElseThrow();
    User user = user();
    service.service().directory().put(user.withMethods(List.of()));
    service.service().settings().set("mfa", "never");
  }

  private User user() {
    return service.service().directory().user(UPN).orElseThrow();
  }

  /** A token of an application with these permissions. */
  private String app(String... roles) {
    service
        .service()
        .directory()
        .put(
            new App(
                tenant.id(),
                CLIENT,
                UUID.randomUUID(),
                "host",
                List.of(),
                List.of(new App.Secret("right", Instant.MAX)),
                List.of(),
                List.of(roles)));
    Map<String, String> form = new HashMap<>();
    form.put("client_id", CLIENT.toString());
    form.put("grant_type", "client_credentials");
    form.put("scope", "00000003-0000-0000-c000-000000000000/.default");
    form.put("client_secret", "right");
    return access(service.post("/" + tenant.id() + "/oauth2/v2.0/token", form));
  }

  private Reply password(String client, String scope) {
    return service.post(
        "/" + tenant.id() + "/oauth2/v2.0/token",
        Map.of(
            "client_id",
            client,
            "grant_type",
            "password",
            "username",
            UPN,
            "password",
            "Passw0rd!",
            "scope",
            "https://graph.microsoft.com/" + scope));
  }

  private static String access(Reply reply) {
    assertEquals(200, reply.status(), reply.bodyText());
    return InProcess.json(reply).get("access_token").getAsString();
  }

  private Reply graph(String method, String path, String query, String token, String body) {
    return service.call(
        method,
        GRAPH,
        path,
        query,
        body.getBytes(StandardCharsets.UTF_8),
        Map.of("authorization", "Bearer " + token));
  }

  private Reply post(String path, String token, String body) {
    return graph("POST", path, "", token, body);
  }

  private void role(String name) {
    service
        .service()
        .directory()
        .put(
            new Group(
                tenant.id(),
                UUID.randomUUID(),
                name,
                "directoryRole",
                Set.of(user().id()),
                Map.of()));
  }

  private JsonObject created(String token) {
    Reply reply =
        post(
            "/v1.0/applications",
            token,
            """
            {"displayName":"Posix","requiredResourceAccess":[{
              "resourceAppId":"00000003-0000-0000-c000-000000000000","resourceAccess":[
              {"id":"204e0828-b5ca-4ad8-b9f3-f32a958e7cc4","type":"Scope"}]}],
              "publicClient":{"redirectUris":["himmelblau://Himmelblau.EntraId.BrokerPlugin"]}}
            """);
    assertEquals(201, reply.status(), reply.bodyText());
    return InProcess.json(reply);
  }

  private static String uid(String name, String type) {
    return "{\"name\":\"%s\",\"dataType\":\"%s\",\"targetObjects\":[\"User\"]}"
        .formatted(name, type);
  }

  @Test
  void anApplicationDefinesAnAttributeAndAUserHasIt() {
    String token = app("Application.ReadWrite.All", "User.ReadWrite.All");
    JsonObject made = created(token);
    String extensions = "/v1.0/applications/" + made.get("id").getAsString();
    extensions += "/extensionProperties";
    assertEquals(201, post(extensions, token, uid("uidNumber", "Integer")).status());
    assertEquals(400, post(extensions, token, uid("uidNumber", "Integer")).status(), "twice");
    assertEquals(400, post(extensions, token, uid("x", "Number")).status());
    JsonObject listed =
        InProcess.json(graph("GET", extensions, "", token, ""))
            .getAsJsonArray("value")
            .get(0)
            .getAsJsonObject();
    String property = listed.get("name").getAsString();
    assertEquals(
        "extension_" + made.get("appId").getAsString().replace("-", "") + "_uidNumber", property);

    String path = "/v1.0/users/" + UPN;
    assertEquals(204, patch(path, token, "{\"" + property + "\":4711}").status());
    for (String wrong : List.of("\"4711\"", "2147483648", "1.5", "[]", "true")) {
      assertEquals(400, patch(path, token, "{\"" + property + "\":" + wrong + "}").status(), wrong);
    }
    assertEquals(400, patch(path, token, "{\"extension_00_uidNumber\":1}").status());
    assertEquals(400, patch(path, token, "{\"displayName\":\"x\"}").status());
    assertEquals(
        4711,
        InProcess.json(graph("GET", path, "$select=id," + property, token, ""))
            .get(property)
            .getAsInt());
    JsonObject found =
        InProcess.json(graph("GET", "/v1.0/users", "$filter=" + property + "+eq+4711", token, ""));
    assertEquals(1, found.getAsJsonArray("value").size());
    assertFalse(found.toString().contains("4711"), "only who selects it sees it");
    assertEquals(204, patch(path, token, "{\"" + property + "\":null}").status());
    assertTrue(user().unix().isEmpty());
  }

  private Reply patch(String path, String token, String body) {
    return graph("PATCH", path, "", token, body);
  }

  @ParameterizedTest
  @CsvSource({
    "Application.Read.All, 200, 403, 403, 403",
    "Application.ReadWrite.All, 200, 201, 403, 403",
    "User.ReadWrite.All, 403, 403, 204, 403",
    "Group.ReadWrite.All, 403, 403, 403, 204",
    "User.Read.All, 403, 403, 403, 403",
  })
  void anApplicationNeedsThePermission(String role, int lists, int creates, int users, int groups) {
    String token = app(role);
    assertEquals(lists, graph("GET", "/v1.0/applications", "", token, "").status());
    assertEquals(creates, post("/v1.0/applications", token, "{\"displayName\":\"x\"}").status());
    assertEquals(users, builtIn("/v1.0/users/" + UPN, token).status());
    assertEquals(groups, builtIn("/v1.0/groups/" + GROUP, token).status());
  }

  private Reply builtIn(String path, String token) {
    return patch(path, token, "{\"extension_8a0e5d3c7b1f4e2a9c6d1f0b3e5a7c92_gidNumber\":5000}");
  }

  @Test
  void aUsersTokenNeedsTheRoleToo() {
    String token = access(password(AZURE_CLI, "User.ReadWrite.All"));
    assertEquals(403, builtIn("/v1.0/users/" + UPN, token).status());
    role("Groups Administrator");
    assertEquals(403, builtIn("/v1.0/users/" + UPN, token).status());
    role("User Administrator");
    assertEquals(204, builtIn("/v1.0/users/" + UPN, token).status());
    assertEquals(403, builtIn("/v1.0/groups/" + GROUP, token).status(), "not in the scope");
  }

  @Test
  void theOwnerOfAnApplicationMayChangeIt() {
    String token = access(password(AZURE_CLI, "Application.ReadWrite.All"));
    String own = "/v1.0/applications/" + created(token).get("id").getAsString();
    assertEquals(201, post(own + "/extensionProperties", token, uid("gecos", "String")).status());
    String other =
        "/v1.0/applications/"
            + created(app("Application.ReadWrite.All")).get("id").getAsString()
            + "/extensionProperties";
    assertEquals(403, post(other, token, uid("gecos", "String")).status());
    role("Cloud Application Administrator");
    assertEquals(201, post(other, token, uid("gecos", "String")).status());
  }

  @Test
  void aNewApplicationHasNoConsent() {
    JsonObject made = created(app("Application.ReadWrite.All"));
    String client = made.get("appId").getAsString();
    assertEquals(65001, InProcess.code(password(client, "User.ReadWrite.All")));
    App app = service.service().directory().app(UUID.fromString(client)).orElseThrow();
    service
        .service()
        .directory()
        .put(app.with(app.registration().consent(app.registration().required())));
    assertEquals(200, password(client, "User.ReadWrite.All").status());
    assertEquals(65001, InProcess.code(password(client, "Group.ReadWrite.All")));
    assertEquals(65002, InProcess.code(password(EDGE, "User.ReadWrite.All")));
  }

  @Test
  void applicationsComePageByPage() {
    String token = app("Application.ReadWrite.All");
    for (int i = 0; i < 4; i++) {
      created(token);
    }
    JsonObject page = InProcess.json(graph("GET", "/v1.0/applications", "$top=3", token, ""));
    assertEquals(3, page.getAsJsonArray("value").size());
    String next = page.get("@odata.nextLink").getAsString();
    JsonObject rest =
        InProcess.json(
            graph("GET", "/v1.0/applications", next.substring(next.indexOf('?') + 1), token, ""));
    assertEquals(2, rest.getAsJsonArray("value").size());
    assertFalse(rest.has("@odata.nextLink"));
  }
}
