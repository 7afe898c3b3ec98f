package himmelblau.testing.tenant.graph;

import com.google.gson.JsonObject;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Group;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Bearer;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import himmelblau.testing.tenant.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Graph: users, groups, memberships and devices; of users and groups extensions to write. */
public final class GraphEndpoint {
  private final Directory directory;
  private final Bearer bearer;
  private final GraphRights rights;
  private final ExtensionWrites writes;
  private final TenantClock clock;

  public GraphEndpoint(Directory directory, Bearer bearer, TenantClock clock) {
    this.directory = directory;
    this.bearer = bearer;
    this.rights = new GraphRights(directory);
    this.writes = new ExtensionWrites(directory);
    this.clock = clock;
  }

  public List<Route> routes() {
    TokenRoutes routes = new TokenRoutes(bearer, clock);
    for (String version : List.of("/v1.0", "/beta")) {
      routes.add("GET", version + "/me", (r, p, t) -> user(r, "me", t));
      routes.add("GET", version + "/me/memberOf", (r, p, t) -> memberOf(r, "me", t, false));
      routes.add(
          "GET", version + "/me/transitiveMemberOf", (r, p, t) -> memberOf(r, "me", t, true));
      routes.add("GET", version + "/users", this::users);
      routes.add("GET", version + "/users/{id}", (r, p, t) -> user(r, id(p), t));
      routes.add("PATCH", version + "/users/{id}", this::changeUser);
      routes.add(
          "GET", version + "/users/{id}/memberOf", (r, p, t) -> memberOf(r, id(p), t, false));
      routes.add(
          "GET",
          version + "/users/{id}/transitiveMemberOf",
          (r, p, t) -> memberOf(r, id(p), t, true));
      routes.add("GET", version + "/groups", this::groups);
      routes.add("GET", version + "/groups/{id}", this::group);
      routes.add("PATCH", version + "/groups/{id}", this::changeGroup);
      routes.add("GET", version + "/groups/{id}/members", this::members);
      routes.add("GET", version + "/devices", this::devices);
      routes.add("GET", version + "/devices/{id}", this::device);
      routes.add(
          "POST",
          version + "/devices/{id}/registeredOwners/$ref",
          (r, p, t) -> Reply.text(204, ""));
      for (String photo : List.of("/me/photo/$value", "/me/photos/{size}/$value")) {
        routes.add(
            "GET",
            version + photo,
            (r, p, t) ->
                PhotoReply.of(
                    r, find("me", t), p.getOrDefault("size", ""), directory.photos(), clock));
      }
    }
    return routes.all();
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
    if (!rights.readUsers(token)) {
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
    boolean readable = rights.readGroups(token);
    return Query.page(
        request,
        "directoryObjects",
        directory.memberOf(token.tenant(), user.get().id(), transitive).stream()
            .map(group -> GraphObjects.group(group, readable))
            .toList(),
        clock);
  }

  private Reply groups(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!rights.readGroups(token)) {
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
    if (!rights.readGroups(token)) {
      return GraphErrors.denied(request, clock);
    }
    return groupById(id(path), token)
        .map(group -> Reply.json(Query.select(GraphObjects.group(group, true), request)))
        .orElseGet(() -> GraphErrors.notFound(request, id(path), clock));
  }

  private Reply changeUser(Request request, Map<String, String> path, Bearer.Accepted token) {
    Optional<User> user = find(id(path), token);
    if (user.isEmpty()) {
      return GraphErrors.notFound(request, id(path), clock);
    }
    if (!rights.writeUsers(token)) {
      return GraphErrors.denied(request, clock);
    }
    return changed(
        request,
        body ->
            directory.put(
                user.get()
                    .withUnix(writes.changed(token.tenant(), "User", user.get().unix(), body))));
  }

  private Reply changeGroup(Request request, Map<String, String> path, Bearer.Accepted token) {
    Optional<Group> group = groupById(id(path), token);
    if (group.isEmpty()) {
      return GraphErrors.notFound(request, id(path), clock);
    }
    if (!rights.writeGroups(token)) {
      return GraphErrors.denied(request, clock);
    }
    return changed(
        request,
        body ->
            directory.put(
                group
                    .get()
                    .withUnix(writes.changed(token.tenant(), "Group", group.get().unix(), body))));
  }

  /** One change of an object. */
  @FunctionalInterface
  private interface Change {
    void apply(JsonObject body) throws ExtensionWrites.Wrong;
  }

  private Reply changed(Request request, Change change) {
    Optional<JsonObject> body = request.json();
    if (body.isEmpty()) {
      return GraphErrors.of(
          request, 400, "BadRequest", "Unable to read JSON request payload.", clock);
    }
    try {
      change.apply(body.get());
      return Reply.text(204, "");
    } catch (ExtensionWrites.Wrong e) {
      return GraphErrors.of(
          request, 400, "Request_BadRequest", String.valueOf(e.getMessage()), clock);
    }
  }

  private Reply members(Request request, Map<String, String> path, Bearer.Accepted token) {
    if (!rights.readGroups(token)) {
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
    return self || (!id.equals("me") && rights.readUsers(token));
  }

  private Optional<User> find(String id, Bearer.Accepted token) {
    if (id.equals("me")) {
      return token.app() ? Optional.empty() : directory.user(token.tenant(), token.object());
    }
    return uuid(id)
        .flatMap(guid -> directory.user(token.tenant(), guid))
        .or(() -> directory.user(id).filter(user -> user.tenant().equals(token.tenant())));
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
    TokenRoutes routes = new TokenRoutes(bearer, clock);
    for (String version : List.of("/v1.0", "/beta")) {
      routes.add(
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
    return routes.all();
  }
}
