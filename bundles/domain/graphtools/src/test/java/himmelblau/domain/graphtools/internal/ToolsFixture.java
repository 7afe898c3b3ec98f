package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.Step;
import himmelblau.api.graph.GraphAccess;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.BrokerCalls;
import himmelblau.api.sso.IssuedToken;
import himmelblau.api.sso.ResourceTokens;
import himmelblau.testing.doubles.RecordingTerminal;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Group;
import himmelblau.testing.tenant.directory.Seed;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Forms;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.NullUnmarked;

/** The commands on a host, and the emulated tenant that they change. */
@NullUnmarked
final class ToolsFixture {
  static final String DOMAIN = "example.onmicrosoft.com";
  static final String ADA = "user01@" + DOMAIN;
  static final long UID = 4242;
  static final String CLIENT = "00001111-aaaa-2222-bbbb-3333cccc4444";
  static final String AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
  static final String GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";

  final Service tenant = new Service();

  /** Method and path of what Graph was asked. */
  final List<String> asked = new ArrayList<>();

  /** Answers in place of Graph, unless null. */
  BiFunction<HttpCall, HttpReply, HttpReply> change = (call, reply) -> reply;

  /** Roles of the application whose credential the host has; null: it has none. */
  List<String> roles;

  BrokerCalls broker;
  boolean joined = true;
  String signsInAs = ADA;
  private final GraphToolsComponent component;

  ToolsFixture() throws Exception {
    new Seed(tenant.directory(), tenant.settings()).load(Optional.empty());
    tenant.settings().set("mfa", "never");
    component = new GraphToolsComponent(directory(), http(), List.of(DOMAIN));
    Map<String, Object> properties = Map.of(DomainProvider.DOMAIN, DOMAIN);
    component.addGraph(graph(), properties);
    component.addProvider(provider(), properties);
    component.addTokens(resourceTokens(), properties);
  }

  int run(RecordingTerminal terminal, String words, String... arguments) throws Exception {
    if (broker != null) {
      component.setBroker(broker);
    }
    GraphCommand command =
        switch (words) {
          case "list" -> new ApplicationList(component);
          case "create" -> new ApplicationCreate(component);
          case "extensions" -> new ApplicationListSchemaExtensions(component);
          case "extend" -> new ApplicationAddSchemaExtensions(component);
          case "user" -> new UserSetPosixAttrs(component);
          case "group" -> new GroupSetPosixAttrs(component);
          default -> throw new IllegalArgumentException(words);
        };
    return command.run(List.of(arguments), terminal);
  }

  long writes() {
    return asked.stream().filter(one -> !one.startsWith("GET")).count();
  }

  UUID tenantId() {
    return tenant.directory().tenant(DOMAIN).orElseThrow().id();
  }

  User user(String upn) {
    return tenant.directory().user(upn).orElseThrow();
  }

  void role(String name) {
    tenant
        .directory()
        .put(
            new Group(
                tenantId(),
                UUID.randomUUID(),
                name,
                "directoryRole",
                Set.of(user(ADA).id()),
                Map.of()));
  }

  // --- the network ----------------------------------------------------------------------------

  private Http http() {
    return call -> {
      asked.add(call.method() + " " + call.uri().getHost() + call.uri().getPath());
      Map<String, String> headers = new HashMap<>();
      call.headers()
          .forEach(header -> headers.put(header.getKey().toLowerCase(), header.getValue()));
      headers.put("host", call.uri().getHost());
      byte[] body = call.body() == null ? new byte[0] : call.body();
      Reply reply =
          send(
              call.method(),
              call.uri().getHost(),
              call.uri().getPath(),
              Optional.ofNullable(call.uri().getRawQuery()).orElse(""),
              body,
              headers);
      return change.apply(
          call,
          new HttpReply(
              reply.status(), Map.of(), reply.bodyText().getBytes(StandardCharsets.UTF_8)));
    };
  }

  private Reply send(
      String method,
      String host,
      String path,
      String query,
      byte[] body,
      Map<String, String> headers) {
    Request request = new Request(method, host, path, query, headers, body, Optional.empty());
    var match = tenant.router().find(request).orElseThrow();
    try {
      return match.route().endpoint().answer(request, match.path());
    } catch (himmelblau.testing.tenant.web.Refusal refusal) {
      return match.route().refusals().say(request, refusal);
    }
  }

  private JsonObject token(Map<String, String> form) {
    Reply reply =
        send(
            "POST",
            "login.microsoftonline.com",
            "/" + tenantId() + "/oauth2/v2.0/token",
            "",
            Forms.query(form).getBytes(StandardCharsets.UTF_8),
            Map.of("host", "login.microsoftonline.com"));
    return JsonParser.parseString(reply.bodyText()).getAsJsonObject();
  }

  /** A token of a user, or what the directory says instead. */
  JsonObject userToken(String clientId, String scope) {
    return token(
        Map.of(
            "client_id",
            clientId,
            "grant_type",
            "password",
            "username",
            ADA,
            "password",
            "Passw0rd!",
            "scope",
            scope));
  }

  // --- the host -------------------------------------------------------------------------------

  private GraphAccess graph() {
    return new GraphAccess() {
      @Override
      public Set<String> domains() {
        return Set.of(DOMAIN);
      }

      @Override
      public URI address() {
        return URI.create("https://graph.microsoft.com");
      }

      @Override
      public URI consentPage(String clientId) {
        return URI.create("https://login.example/adminconsent?client_id=" + clientId);
      }

      @Override
      public Optional<String> application() {
        return Optional.ofNullable(roles).map(some -> CLIENT);
      }

      @Override
      public Secret applicationToken() {
        tenant
            .directory()
            .put(
                new App(
                    tenantId(),
                    UUID.fromString(CLIENT),
                    UUID.nameUUIDFromBytes(new byte[] {1}),
                    "host",
                    List.of(),
                    List.of(new App.Secret("right", Instant.MAX)),
                    List.of(),
                    roles));
        return Secret.ofText(
            token(
                    Map.of(
                        "client_id",
                        CLIENT,
                        "grant_type",
                        "client_credentials",
                        "scope",
                        "https://graph.microsoft.com/.default",
                        "client_secret",
                        "right"))
                .get("access_token")
                .getAsString());
      }
    };
  }

  private static Account account(String upn) {
    AccountName name = AccountName.parse(upn).orElseThrow();
    return new Account(
        name,
        Optional.empty(),
        new PasswdEntry("ada", UID, UID, "", "/home/ada", "/bin/sh"),
        "/home/",
        "ada",
        List.of(),
        List.of());
  }

  private static Directory directory() {
    return fake(
        Directory.class,
        (method, arguments) ->
            switch (method) {
              case "account" ->
                  Long.valueOf(UID).equals(arguments[0])
                      ? Optional.of(account(ADA))
                      : Optional.empty();
              case "resolve" -> AccountName.parse((String) arguments[0]);
              default -> throw new UnsupportedOperationException(method);
            });
  }

  private DomainProvider provider() {
    return fake(
        DomainProvider.class,
        (method, arguments) ->
            switch (method) {
              case "joined" -> joined;
              case "domain" -> DOMAIN;
              case "begin" -> signIn();
              default -> throw new UnsupportedOperationException(method);
            });
  }

  private SignIn signIn() {
    return fake(
        SignIn.class,
        (method, arguments) ->
            switch (method) {
              case "step" -> Step.NeedPassword.PLAIN;
              case "password" -> new Step.Complete(session());
              default -> null;
            });
  }

  private Session session() {
    AccountName name = AccountName.parse(signsInAs).orElseThrow();
    return fake(
        Session.class,
        (method, arguments) ->
            switch (method) {
              case "user" ->
                  new DirectoryUser(
                      name, Optional.empty(), Optional.empty(), "Ada", PosixAttributes.NONE);
              case "renewal" -> Optional.of(Secret.ofText("renewal"));
              default -> null;
            });
  }

  private ResourceTokens resourceTokens() {
    return fake(
        ResourceTokens.class,
        (method, arguments) -> {
          var request = (himmelblau.api.sso.TokenRequest) arguments[2];
          JsonObject reply = userToken(request.clientId(), request.scopes().get(0));
          return new IssuedToken(
              Secret.ofText(reply.get("access_token").getAsString()),
              false,
              Secret.ofText("id"),
              "",
              request.scopes(),
              Instant.MAX,
              Instant.MAX);
        });
  }

  @SuppressWarnings("unchecked")
  private static <T> T fake(Class<T> type, BiFunction<String, Object[], Object> answer) {
    return (T)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> answer.apply(method.getName(), arguments);
                });
  }
}
