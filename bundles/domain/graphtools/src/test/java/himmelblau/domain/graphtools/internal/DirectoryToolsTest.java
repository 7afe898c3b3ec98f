package himmelblau.domain.graphtools.internal;

import static himmelblau.domain.graphtools.internal.ToolsFixture.ADA;
import static himmelblau.domain.graphtools.internal.ToolsFixture.AZURE_CLI;
import static himmelblau.domain.graphtools.internal.ToolsFixture.CLIENT;
import static himmelblau.domain.graphtools.internal.ToolsFixture.GROUP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.api.http.HttpReply;
import himmelblau.testing.doubles.RecordingTerminal;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Directory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All commands against the emulated tenant: what they change, and what they refuse. */
@NullUnmarked
class DirectoryToolsTest {
  private static final String BOB = "user02@" + ToolsFixture.DOMAIN;
  private static final List<String> EVERYTHING =
      List.of("Application.ReadWrite.All", "User.ReadWrite.All", "Group.ReadWrite.All");
  private ToolsFixture lab;
  private RecordingTerminal terminal;

  @BeforeEach
  void start() throws Exception {
    lab = new ToolsFixture();
    lab.roles = EVERYTHING;
  }

  private int root(String words, String... arguments) throws Exception {
    terminal = new RecordingTerminal();
    return lab.run(terminal, words, arguments);
  }

  private int user(String words, String... arguments) throws Exception {
    terminal = new RecordingTerminal(ToolsFixture.UID, "");
    return lab.run(terminal, words, arguments);
  }

  private JsonArray printed() {
    return JsonParser.parseString(String.join("\n", terminal.out)).getAsJsonArray();
  }

  /** Makes the application and its attributes; its appId. */
  private String schema() throws Exception {
    assertEquals(0, root("create", "--client-id", CLIENT, "--display-name", "Posix"));
    assertEquals(List.of(), terminal.lines, "no output");
    root("list", "--client-id", CLIENT);
    JsonObject made =
        printed().asList().stream()
            .map(one -> one.getAsJsonObject())
            .filter(one -> one.get("displayName").getAsString().equals("Posix"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of("id", "appId", "displayName"), List.copyOf(made.keySet()));
    String id = made.get("id").getAsString();
    String[] extend = {"--client-id", CLIENT, "--schema-app-object-id", id};
    assertEquals(0, root("extend", extend[0], extend[1], extend[2], extend[3], "--dry-run"));
    assertEquals(5, terminal.out.size());
    assertEquals(0, root("extensions", extend));
    assertEquals(0, printed().size(), "a dry run changes nothing");
    assertEquals(0, root("extend", extend));
    assertEquals(List.of(), terminal.lines, "no output");
    assertEquals(0, root("extensions", extend));
    assertEquals(5, printed().size());
    long writes = lab.writes();
    assertEquals(0, root("extend", extend));
    assertEquals(0, root("create", "--client-id", CLIENT, "--display-name", "Posix"));
    assertTrue(terminal.text().contains("Nothing to change"), terminal.text());
    assertEquals(writes, lab.writes(), "the second run changes nothing");
    return made.get("appId").getAsString();
  }

  private String[] ada(String schema, String... more) {
    List<String> words = new ArrayList<>(List.of("--schema-client-id", schema, "--user-id", ADA));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private Map<String, String> unix(String schema) {
    String prefix = "extension_" + schema.replace("-", "") + "_";
    return lab.user(ADA).unix().entrySet().stream()
        .collect(
            Collectors.toMap(entry -> entry.getKey().replace(prefix, ""), Map.Entry::getValue));
  }

  @Test
  void attributesAreSetOnce() throws Exception {
    String schema = schema();
    String[] words =
        ada(
            schema,
            "--uid",
            "4711",
            "--gid",
            "5000",
            "--home",
            "/home/ada",
            "--shell",
            "/bin/zsh",
            "--gecos",
            "Ada L.");
    List<String> dry = new ArrayList<>(List.of(words));
    dry.add("--dry-run");
    assertEquals(0, root("user", dry.toArray(String[]::new)));
    assertTrue(terminal.text().contains("uidNumber: unset -> 4711"), terminal.text());
    assertEquals(Map.of(), unix(schema));
    assertEquals(0, root("user", words));
    assertEquals(List.of(), terminal.lines, "no output");
    assertEquals(
        Map.of(
            "uidNumber", "4711",
            "gidNumber", "5000",
            "unixHomeDirectory", "/home/ada",
            "loginShell", "/bin/zsh",
            "gecos", "Ada L."),
        unix(schema));
    long writes = lab.writes();
    assertEquals(0, root("user", words));
    assertTrue(terminal.text().contains("Nothing to change"), terminal.text());
    assertEquals(writes, lab.writes());

    String[] group = {"--schema-client-id", schema, "--group-id", GROUP, "--gid", "5000"};
    assertEquals(0, root("group", group), terminal::text);
    assertEquals(0, root("group", group));
    assertTrue(terminal.text().contains("Nothing to change"), terminal.text());
    assertEquals(writes + 1, lab.writes());
  }

  @Test
  void anIdOfAnotherIsRefused() throws Exception {
    String schema = schema();
    assertEquals(0, root("user", ada(schema, "--uid", "4711")));
    long writes = lab.writes();
    assertEquals(1, root("user", "--schema-client-id", schema, "--user-id", BOB, "--uid", "4711"));
    assertEquals(
        "! The uidNumber 4711 belongs to user " + ADA + ". Nothing was changed.", terminal.text());
    assertEquals(writes, lab.writes());
    assertEquals(0, root("user", ada(schema, "--uid", "4712")), "one's own may change");
  }

  @Test
  void wrongValuesAreRefusedBeforeAnythingIsSent() throws Exception {
    List<String> wrong =
        List.of(
            "--uid 999",
            "--uid 61184",
            "--uid 65519",
            "--uid 60001",
            "--uid 2147483648",
            "--uid -5",
            "--uid x",
            "--gid 0",
            "--home relative",
            "--home /home/../etc",
            "--home /",
            "--shell /bin/sh:x",
            "--gecos a:b",
            "",
            "--uid 4711 --uid 4712",
            "--unknown 1");
    for (String words : wrong) {
      String[] more = words.isEmpty() ? new String[0] : words.split(" ");
      assertEquals(2, root("user", ada(CLIENT, more)), words);
    }
    assertEquals(List.of(), lab.asked);
  }

  @Test
  void otherWrongWordsAreRefused() throws Exception {
    assertEquals(2, root("list"));
    assertEquals(2, root("list", "--client-id", "x"));
    assertEquals(
        2, root("user", "--schema-client-id", CLIENT, "--user-id", "a/b", "--uid", "4711"));
    assertEquals(2, root("user", ada(CLIENT, "--gecos", "two\nlines")));
    assertEquals(2, root("group", "--schema-client-id", CLIENT, "--group-id", GROUP));
    assertEquals(2, root("create", "--client-id", CLIENT, "--display-name", "a\nb"));
    assertEquals(
        2,
        root("create", "--client-id", CLIENT, "--display-name", "a", "--redirect-uri", "relative"));
    assertEquals(2, root("create", "--client-id", CLIENT, "--display-name", "a", "--redirect-uri"));
    assertEquals(List.of(), lab.asked);
  }

  @Test
  void unknownObjectsAreToldAndNothingIsChanged() throws Exception {
    String none = "00000000-0000-4000-8000-000000000000";
    assertEquals(1, root("user", "--schema-client-id", CLIENT, "--user-id", none, "--uid", "4711"));
    assertTrue(terminal.text().contains("The directory has no user " + none), terminal.text());
    assertEquals(1, root("extend", "--client-id", CLIENT, "--schema-app-object-id", none));
    assertTrue(terminal.text().contains("not appId"), terminal.text());
    assertEquals(1, root("user", ada(CLIENT, "--uid", "4711")));
    assertTrue(terminal.text().contains("add-schema-extensions"), terminal.text());
  }

  @Test
  void anApplicationThatDiffersIsLeftAlone() throws Exception {
    schema();
    long writes = lab.writes();
    assertEquals(
        1,
        root(
            "create",
            "--client-id",
            CLIENT,
            "--display-name",
            "Posix",
            "--redirect-uri",
            "http://localhost",
            "--redirect-uri=http://127.0.0.1"));
    assertTrue(terminal.text().contains("with other redirect URIs"), terminal.text());
    assertEquals(writes, lab.writes());
  }

  @Test
  void aMissingPermissionOfTheApplicationIsNamed() throws Exception {
    lab.roles = List.of("User.Read.All");
    assertEquals(1, root("list", "--client-id", CLIENT));
    assertTrue(
        terminal.text().contains("lacks the application permission Application.Read.All"),
        terminal.text());
    assertTrue(terminal.text().contains("Global Administrator"), terminal.text());
    assertEquals(1, root("create", "--client-id", CLIENT, "--display-name", "x"));
    assertEquals(1, root("user", ada(CLIENT, "--uid", "4711")));
    assertTrue(terminal.text().contains("User.ReadWrite.All"), terminal.text());
  }

  @Test
  void rootsApplicationMustBeTheOneThatIsNamed() throws Exception {
    assertEquals(1, root("list", "--client-id", AZURE_CLI));
    assertTrue(terminal.text().startsWith("! Failed to obtain any access token"));
    assertTrue(terminal.text().contains(CLIENT), terminal.text());
    assertTrue(terminal.text().endsWith("Try specifying the --name parameter for authentication"));
    assertEquals(List.of(), lab.asked);
  }

  // --- users ----------------------------------------------------------------------------------

  /** A broker that gives what the directory gives, to the one uid. */
  private void singleSignOn() {
    lab.broker =
        (call, budget) -> {
          JsonObject parameters =
              JsonParser.parseString(call.request())
                  .getAsJsonObject()
                  .getAsJsonObject("authParameters");
          assertEquals(ToolsFixture.UID, call.peer().uid());
          JsonObject got =
              lab.userToken(
                  parameters.get("clientId").getAsString(),
                  parameters.getAsJsonArray("requestedScopes").get(0).getAsString());
          JsonObject response = new JsonObject();
          if (got.has("access_token")) {
            response.addProperty("accessToken", got.get("access_token").getAsString());
          } else {
            JsonObject error = new JsonObject();
            error.addProperty("context", got.get("error_description").getAsString());
            response.add("error", error);
          }
          JsonObject reply = new JsonObject();
          reply.add("brokerTokenResponse", response);
          return reply.toString();
        };
  }

  @Test
  void aUserActsWithTheirOwnTokenAndRole() throws Exception {
    singleSignOn();
    assertEquals(0, user("list", "--client-id", AZURE_CLI), () -> terminal.text());
    assertEquals(0, user("create", "--client-id", AZURE_CLI, "--display-name", "Mine"));
    assertEquals(0, user("extend", objectOf("Mine")), () -> terminal.text());
    assertEquals(0, root("create", "--client-id", CLIENT, "--display-name", "Bare"));
    assertEquals(1, user("extend", objectOf("Bare")));
    assertTrue(terminal.text().contains("or to own the application"), terminal.text());
    String foreign = schema();
    assertEquals(1, user("user", ada(foreign, "--uid", "4711")));
    assertTrue(terminal.text().contains("nobody has consented"), terminal.text());
    assertTrue(
        terminal.text().contains("https://login.example/adminconsent?client_id=" + foreign),
        terminal.text());
    consent(foreign);
    assertEquals(1, user("user", ada(foreign, "--uid", "4711")));
    assertTrue(terminal.text().contains("needs a role of the directory"), terminal.text());
    assertEquals(Map.of(), unix(foreign));
    lab.role("User Administrator");
    assertEquals(0, user("user", ada(foreign, "--uid", "4711")), () -> terminal.text());
    assertEquals(Map.of("uidNumber", "4711"), unix(foreign));
  }

  private String[] objectOf(String name) {
    App app =
        lab.tenant.directory().apps(lab.tenantId()).stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    return new String[] {
      "--client-id", AZURE_CLI, "--schema-app-object-id", app.objectId().toString()
    };
  }

  private static App registered(Directory directory, String id) {
    return directory.app(UUID.fromString(id)).orElseThrow();
  }

  private void consent(String id) {
    var app = registered(lab.tenant.directory(), id);
    lab.tenant.directory().put(app.with(app.registration().consent(List.of("User.ReadWrite.All"))));
  }

  @Test
  void nobodyElseGetsTheCredentialOfTheHost() throws Exception {
    assertEquals(1, user("list", "--client-id", CLIENT));
    assertTrue(terminal.text().contains("There is no single sign-on here"), terminal.text());
    terminal = new RecordingTerminal(1000, "");
    singleSignOn();
    assertEquals(1, lab.run(terminal, "list", "--client-id", CLIENT));
    assertTrue(terminal.text().contains("Only users of the directory"), terminal.text());
    assertEquals(List.of(), lab.asked);
  }

  @Test
  void rootSignsAUserInWithAPassword() throws Exception {
    lab.roles = null;
    assertEquals(1, root("list", "--client-id", AZURE_CLI));
    assertEquals(0, root("list", "--client-id", AZURE_CLI, "-D", ADA), () -> terminal.text());
    lab.signsInAs = BOB;
    assertEquals(1, root("list", "--client-id", AZURE_CLI, "--name", ADA));
    assertTrue(terminal.text().contains("Another account signed in"), terminal.text());
    lab.signsInAs = ADA;
    lab.joined = false;
    assertEquals(1, root("list", "--client-id", AZURE_CLI, "--name", ADA));
    assertTrue(terminal.text().contains("is not joined"), terminal.text());
    assertEquals(1, root("list", "--client-id", AZURE_CLI, "--name", "x@elsewhere.example"));
    assertTrue(terminal.text().contains("not a domain with Microsoft Graph"), terminal.text());
  }

  // --- the network ----------------------------------------------------------------------------

  private static Map<String, List<String>> several(Map<String, String> headers) {
    return headers.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
  }

  private static HttpReply reply(int status, Map<String, String> headers, String body) {
    return new HttpReply(status, several(headers), body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aBusyGraphIsAskedAgain() throws Exception {
    int[] busy = {2};
    lab.change =
        (call, reply) -> busy[0]-- > 0 ? reply(429, Map.of("retry-after", "0"), "") : reply;
    assertEquals(0, root("list", "--client-id", CLIENT));
    assertEquals(3, lab.asked.size());
    lab.asked.clear();
    lab.change = (call, reply) -> reply(429, Map.of("retry-after", "600"), "");
    assertEquals(1, root("list", "--client-id", CLIENT));
    assertTrue(terminal.text().contains("asks to wait 600 s"), terminal.text());
    assertEquals(1, lab.asked.size());
    lab.asked.clear();
    lab.change = (call, reply) -> reply(503, Map.of("retry-after", "0"), "");
    assertEquals(1, root("list", "--client-id", CLIENT));
    assertEquals(6, lab.asked.size());
  }

  @Test
  void theTokenGoesToNoOtherHost() throws Exception {
    for (String next :
        List.of("https://evil.example/v1.0/applications", "http://graph.microsoft.com/x", "::")) {
      lab.asked.clear();
      lab.change =
          (call, reply) ->
              reply(200, Map.of(), "{\"value\":[],\"@odata.nextLink\":\"" + next + "\"}");
      assertEquals(1, root("list", "--client-id", CLIENT), next);
      assertEquals(1, lab.asked.size(), next);
    }
  }

  @Test
  void whatCannotBeReadIsNoSuccess() throws Exception {
    for (String body : List.of("", "[]", "{}", "{\"value\":1}", "{\"value\":[")) {
      lab.change = (call, reply) -> reply(200, Map.of(), body);
      assertEquals(1, root("list", "--client-id", CLIENT), body);
    }
  }

  @Test
  void allPagesAreRead() throws Exception {
    int[] pages = {0};
    lab.change =
        (call, reply) ->
            reply(
                200,
                Map.of(),
                pages[0]++ < 2
                    ? "{\"value\":[{\"id\":\"1\"}],\"@odata.nextLink\":"
                        + "\"https://graph.microsoft.com/v1.0/applications?$skiptoken=x\"}"
                    : "{\"value\":[{\"id\":\"2\"}]}");
    assertEquals(0, root("list", "--client-id", CLIENT));
    assertEquals(3, printed().size());
  }
}
