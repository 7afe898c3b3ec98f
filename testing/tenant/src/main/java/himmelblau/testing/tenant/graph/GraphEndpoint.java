package himmelblau.testing.tenant.graph;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Group;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Bearer;
import himmelblau.testing.tenant.token.Resources;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Graph: users, groups, memberships and devices, to read. */
public final class GraphEndpoint {
  private static final Set<String> AUDIENCES =
      Set.of("https://graph.microsoft.com", Resources.GRAPH);
  private static final Set<String> READ_USERS =
      Set.of(
          "User.Read.All",
          "User.ReadBasic.All",
          "User.ReadWrite.All",
          "Directory.Read.All",
          "Directory.ReadWrite.All");
  private static final Set<String> READ_GROUPS =
      Set.of(
          "GroupMember.Read.All",
          "Group.Read.All",
          "Group.ReadWrite.All",
          "Directory.Read.All",
          "Directory.ReadWrite.All");

  /** Answers with what a valid token may see. */
  @FunctionalInterface
  private interface Authorized {
    Reply answer(Request request, Map<String, String> path, Bearer.Accepted token);
  }

  private final Directory directory;
  private final Bearer bearer;
  private final TenantClock clock;

  public GraphEndpoint(Directory directory, Bearer bearer, TenantClock clock) {
    this.directory = directory;
    this.bearer = bearer;
    this.clock = clock;
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (String version : List.of("/v1.0", "/beta")) {
      add(routes, "GET", version + "/me", (r, p, t) -> user(r, "me", t));
      add(routes, "GET", version + "/me/memberOf", (r, p, t) -> memberOf(r, "me", t, false));
      add(
          routes,
          "GET",
          version + "/me/transitiveMemberOf",
          (r, p, t) -> memberOf(r, "me", t, true));
      add(routes, "GET", version + "/users", this::users);
      add(routes, "GET", version + "/users/{id}", (r, p, t) -> user(r, id(p), t));
      add(
          routes,
          "GET",
          version + "/users/{id}/memberOf",
          (r, p, t) -> memberOf(r, id(p), t, false));
      add(
          routes,
          "GET",
          version + "/users/{id}/transitiveMemberOf",
          (r, p, t) -> memberOf(r, id(p), t, true));
      add(routes, "GET", version + "/groups", this::groups);
      add(routes, "GET", version + "/groups/{id}", this::group);
      add(routes, "GET", version + "/groups/{id}/members", this::members);
      add(routes, "GET", version + "/devices", this::devices);
      add(routes, "GET", version + "/devices/{id}", this::device);
      add(
          routes,
          "POST",
          version + "/devices/{id}/registeredOwners/$ref",
          (r, p, t) -> Reply.text(204, ""));
      for (String photo : List.of("/me/photo/$value", "/me/photos/{size}/$value")) {
        add(
            routes,
            "GET",
            version + photo,
            (r, p, t) ->
                PhotoReply.of(
                    r, find("me", t), p.getOrDefault("size", ""), directory.photos(), clock));
      }
    }
    return routes;
  }

  private void add(List<Route> routes, String method, String path, Authorized endpoint) {
    Route.Endpoint checked =
        (request, values) -> {
          Bearer.Accepted token;
          try {
            token = bearer.accept(request, AUDIENCES);
          } catch (Bearer.Rejected e) {
            return GraphErrors.of(
                    request,
                    401,
                    "InvalidAuthenticationToken",
                    String.valueOf(e.getMessage()),
                    clock)
                .with("WWW-Authenticate", "Bearer realm=\"\"");
          }
          return endpoint.answer(request, values, token);
        };
    routes.add(Route.of(method, path, checked, GraphErrors.refusals(clock)));
  }

  private static String id(Map<String, String> path) {
    return path.getOrDefault("id", "");
  }

  private Reply user(Request request, String id, Bearer.Accepted token) {
    Optional<User> user = find(id, token);
    if (!mayRead(id, user, token)) {
      return GraphErrors.denied(request, clock);
    }
    return user.map(
            found -> {
              JsonObject object = GraphObjects.user(found);
              object.addProperty(
                  "@odata.context", "https://graph.microsoft.com/v1.0/$metadata#users/$entity");
              return Reply.json(Query.select(object, request));
            })
        .orElseGet(() -> GraphErrors.notFound(request, id, clock));
  }

  private Reply users(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!any(token, READ_USERS)) {
      return GraphErrors.denied(request, clock);
    }
    return Query.page(
        request,
        "users",
        (after, atMost) ->
            directory.users(token.tenant(), after, atMost).stream()
                .map(GraphObjects::user)
                .toList(),
        clock);
  }

  private Reply memberOf(Request request, String id, Bearer.Accepted token, boolean transitive) {
    Optional<User> user = find(id, token);
    if (!mayRead(id, user, token)) {
      return GraphErrors.denied(request, clock);
    }
    if (user.isEmpty()) {
      return GraphErrors.notFound(request, id, clock);
    }
    boolean readable = any(token, READ_GROUPS);
    return Query.page(
        request,
        "directoryObjects",
        directory.memberOf(token.tenant(), user.get().id(), transitive).stream()
            .map(group -> GraphObjects.group(group, readable))
            .toList(),
        clock);
  }

  private Reply groups(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!any(token, READ_GROUPS)) {
      return GraphErrors.denied(request, clock);
    }
    return Query.page(
        request,
        "groups",
        (after, atMost) ->
            directory.groups(token.tenant(), "group", after, atMost).stream()
                .map(group -> GraphObjects.group(group, true))
                .toList(),
        clock);
  }

  private Optional<Group> groupById(String id, Bearer.Accepted token) {
    return uuid(id).flatMap(guid -> directory.group(token.tenant(), guid));
  }

  private Reply group(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!any(token, READ_GROUPS)) {
      return GraphErrors.denied(request, clock);
    }
    return groupById(id(path), token)
        .map(group -> Reply.json(Query.select(GraphObjects.group(group, true), request)))
        .orElseGet(() -> GraphErrors.notFound(request, id(path), clock));
  }

  private Reply members(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!any(token, READ_GROUPS)) {
      return GraphErrors.denied(request, clock);
    }
    Optional<Group> group = groupById(id(path), token);
    if (group.isEmpty()) {
      return GraphErrors.notFound(request, id(path), clock);
    }
    List<JsonObject> members = new ArrayList<>();
    for (UUID member : group.get().members().stream().sorted().toList()) {
      directory
          .user(token.tenant(), member)
          .map(GraphObjects::user)
          .map(GraphEndpoint::typedUser)
          .or(() -> directory.group(token.tenant(), member).map(g -> GraphObjects.group(g, true)))
          .ifPresent(members::add);
    }
    return Query.page(request, "directoryObjects", members, clock);
  }

  private static JsonObject typedUser(JsonObject user) {
    user.addProperty("@odata.type", "#microsoft.graph.user");
    return user;
  }

  private Reply devices(Request request, Map<String, String> path, Bearer.Accepted token) {
    return Query.page(
        request,
        "devices",
        directory.devices().stream()
            .filter(device -> device.tenant().equals(token.tenant()))
            .map(GraphObjects::device)
            .toList(),
        clock);
  }

  private Reply device(Request request, Map<String, String> path, Bearer.Accepted token) {
    Optional<Device> device =
        directory.devices().stream()
            .filter(one -> one.tenant().equals(token.tenant()))
            .filter(one -> one.objectId().toString().equalsIgnoreCase(id(path)))
            .findFirst();
    return device
        .map(found -> Reply.json(Query.select(GraphObjects.device(found), request)))
        .orElseGet(() -> GraphErrors.notFound(request, id(path), clock));
  }

  /** Oneself is always allowed. */
  private boolean mayRead(String id, Optional<User> user, Bearer.Accepted token) {
    boolean self = user.isPresent() && !token.app() && user.get().id().equals(token.object());
    return self || (!id.equals("me") && any(token, READ_USERS));
  }

  private Optional<User> find(String id, Bearer.Accepted token) {
    if (id.equals("me")) {
      return token.app() ? Optional.empty() : directory.user(token.tenant(), token.object());
    }
    return uuid(id)
        .flatMap(guid -> directory.user(token.tenant(), guid))
        .or(() -> directory.user(id).filter(user -> user.tenant().equals(token.tenant())));
  }

  private static boolean any(Bearer.Accepted token, Set<String> permissions) {
    return token.permissions().stream().anyMatch(permissions::contains);
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Routes whose path is written like a function call: {@code devices(deviceId='…')}. */
  public List<Route> functionRoutes() {
    List<Route> routes = new ArrayList<>();
    for (String version : List.of("/v1.0", "/beta")) {
      add(
          routes,
          "GET",
          version + "/{call}",
          (request, path, token) -> {
            String call = path.getOrDefault("call", "");
            if (!call.matches("(?i)devices\\(deviceId='[0-9a-f-]{36}'\\)")) {
              return GraphErrors.of(
                  request,
                  400,
                  "BadRequest",
                  "Resource not found for the segment '" + call + "'.",
                  clock);
            }
            return uuid(call.substring(18, 54))
                .flatMap(directory::device)
                .filter(device -> device.tenant().equals(token.tenant()))
                .map(device -> Reply.json(Query.select(GraphObjects.device(device), request)))
                .orElseGet(() -> GraphErrors.notFound(request, call, clock));
          });
    }
    return routes;
  }
}
