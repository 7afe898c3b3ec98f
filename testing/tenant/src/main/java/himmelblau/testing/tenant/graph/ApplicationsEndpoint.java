package himmelblau.testing.tenant.graph;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Extension;
import himmelblau.testing.tenant.directory.Registration;
import himmelblau.testing.tenant.token.Bearer;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Graph: application registrations and the directory extensions that they define. */
public final class ApplicationsEndpoint {
  private static final Set<String> TYPES =
      Set.of("Binary", "Boolean", "DateTime", "Integer", "LargeInteger", "String");
  private static final Set<String> TARGETS =
      Set.of("User", "Group", "AdministrativeUnit", "Application", "Device", "Organization");

  /** Delegated permissions by the ids that a registration asks for them with. */
  private static final Map<String, String> SCOPES =
      Map.of(
          "4e46008b-f24c-477d-8fff-7bb4ec7aafe0", "Group.ReadWrite.All",
          "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4", "User.ReadWrite.All",
          "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "User.Read",
          "c79f8feb-a9db-4090-85f9-90d820caa0eb", "Application.Read.All",
          "bdfbf15f-ee85-4955-8675-146e8e5296b5", "Application.ReadWrite.All");

  private final Directory directory;
  private final Bearer bearer;
  private final GraphRights rights;
  private final TenantClock clock;

  public ApplicationsEndpoint(Directory directory, Bearer bearer, TenantClock clock) {
    this.directory = directory;
    this.bearer = bearer;
    this.rights = new GraphRights(directory);
    this.clock = clock;
  }

  public List<Route> routes() {
    TokenRoutes routes = new TokenRoutes(bearer, clock);
    for (String version : List.of("/v1.0", "/beta")) {
      routes.add("GET", version + "/applications", this::list);
      routes.add("POST", version + "/applications", this::create);
      routes.add("GET", version + "/applications/{id}/extensionProperties", this::extensions);
      routes.add("POST", version + "/applications/{id}/extensionProperties", this::define);
    }
    return routes.all();
  }

  private Reply list(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!rights.readApps(token)) {
      return GraphErrors.denied(request, clock);
    }
    return Query.page(
        request,
        "applications",
        directory.apps(token.tenant()).stream()
            .sorted(Comparator.comparing(App::objectId))
            .map(ApplicationsEndpoint::object)
            .toList(),
        clock);
  }

  private Reply create(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!rights.createApps(token)) {
      return GraphErrors.denied(request, clock);
    }
    Optional<JsonObject> body = request.json();
    String name = body.map(json -> text(json, "displayName")).orElse("");
    if (name.isBlank() || name.length() > 256) {
      return bad(request, "Property displayName is invalid.");
    }
    App app =
        new App(
            token.tenant(),
            UUID.randomUUID(),
            UUID.randomUUID(),
            name,
            body.map(ApplicationsEndpoint::redirects).orElse(List.of()),
            List.of(),
            List.of(),
            List.of(),
            new Registration(
                token.app() ? Optional.empty() : Optional.of(token.object()),
                body.map(ApplicationsEndpoint::required).orElse(List.of()),
                Optional.of(Set.of()),
                List.of()));
    directory.put(app);
    return Reply.json(201, object(app));
  }

  private static List<String> redirects(JsonObject body) {
    return body.get("publicClient") instanceof JsonObject client
            && client.get("redirectUris") instanceof JsonArray uris
        ? strings(uris)
        : List.of();
  }

  private static List<String> required(JsonObject body) {
    List<String> names = new ArrayList<>();
    if (body.get("requiredResourceAccess") instanceof JsonArray resources) {
      for (JsonElement each : resources) {
        if (each instanceof JsonObject resource
            && text(resource, "resourceAppId").equals(Resources.GRAPH)
            && resource.get("resourceAccess") instanceof JsonArray access) {
          access.forEach(
              one ->
                  Optional.ofNullable(SCOPES.get(text(one.getAsJsonObject(), "id")))
                      .ifPresent(names::add));
        }
      }
    }
    return names;
  }

  private Reply extensions(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!rights.readApps(token)) {
      return GraphErrors.denied(request, clock);
    }
    String id = path.getOrDefault("id", "");
    return app(id, token)
        .map(
            app ->
                Query.page(
                    request,
                    "applications('" + id + "')/extensionProperties",
                    app.registration().extensions().stream()
                        .sorted(Comparator.comparing(Extension::id))
                        .map(extension -> object(app, extension))
                        .toList(),
                    clock))
        .orElseGet(() -> GraphErrors.notFound(request, id, clock));
  }

  private Reply define(Request request, Map<String, String> path, Bearer.Accepted token) {
    String id = path.getOrDefault("id", "");
    Optional<App> app = app(id, token);
    if (app.isEmpty()) {
      return GraphErrors.notFound(request, id, clock);
    }
    if (!rights.changeApp(token, app.get())) {
      return GraphErrors.denied(request, clock);
    }
    JsonObject body = request.json().orElseGet(JsonObject::new);
    Extension extension =
        new Extension(
            UUID.randomUUID(),
            text(body, "name"),
            text(body, "dataType"),
            body.get("targetObjects") instanceof JsonArray targets ? strings(targets) : List.of());
    if (!extension.name().matches("[A-Za-z][A-Za-z0-9_]{0,100}")
        || !TYPES.contains(extension.dataType())
        || extension.targets().isEmpty()
        || !TARGETS.containsAll(extension.targets())) {
      return bad(request, "One or more properties contains invalid values.");
    }
    synchronized (directory) {
      App now = app(id, token).orElse(app.get());
      if (now.registration().extensions().stream()
          .anyMatch(one -> one.name().equals(extension.name()))) {
        return bad(request, "An extension property exists with the name " + extension.name() + ".");
      }
      directory.put(now.with(now.registration().with(extension)));
    }
    return Reply.json(201, object(app.get(), extension));
  }

  private Optional<App> app(String objectId, Bearer.Accepted token) {
    return directory.apps(token.tenant()).stream()
        .filter(app -> app.objectId().toString().equalsIgnoreCase(objectId))
        .findFirst();
  }

  private Reply bad(Request request, String text) {
    return GraphErrors.of(request, 400, "Request_BadRequest", text, clock);
  }

  private static JsonObject object(App app) {
    JsonObject object = new JsonObject();
    object.addProperty("id", app.objectId().toString());
    object.addProperty("appId", app.clientId().toString());
    object.addProperty("displayName", app.name());
    object.addProperty("signInAudience", "AzureADMyOrg");
    JsonArray uris = new JsonArray();
    app.redirectUris().forEach(uris::add);
    JsonObject client = new JsonObject();
    client.add("redirectUris", uris);
    object.add("publicClient", client);
    JsonArray access = new JsonArray();
    SCOPES.forEach(
        (id, name) -> {
          if (app.registration().required().contains(name)) {
            JsonObject one = new JsonObject();
            one.addProperty("id", id);
            one.addProperty("type", "Scope");
            access.add(one);
          }
        });
    JsonArray resources = new JsonArray();
    if (!access.isEmpty()) {
      JsonObject graph = new JsonObject();
      graph.addProperty("resourceAppId", Resources.GRAPH);
      graph.add("resourceAccess", access);
      resources.add(graph);
    }
    object.add("requiredResourceAccess", resources);
    return object;
  }

  private static JsonObject object(App app, Extension extension) {
    JsonObject object = new JsonObject();
    object.addProperty("id", extension.id().toString());
    object.addProperty("appDisplayName", app.name());
    object.addProperty("name", extension.property(app.clientId()));
    object.addProperty("dataType", extension.dataType());
    object.addProperty("isSyncedFromOnPremises", false);
    JsonArray targets = new JsonArray();
    extension.targets().forEach(targets::add);
    object.add("targetObjects", targets);
    return object;
  }

  private static String text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
  }

  private static List<String> strings(JsonArray array) {
    List<String> all = new ArrayList<>();
    array.forEach(one -> all.add(one.getAsString()));
    return all;
  }
}
