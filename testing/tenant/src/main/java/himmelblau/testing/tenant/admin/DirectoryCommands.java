package himmelblau.testing.tenant.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Group;
import himmelblau.testing.tenant.directory.Photos;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Commands that change the objects in the directories. */
final class DirectoryCommands {
  static final Set<String> METHODS =
      Set.of(
          "PhoneAppNotification",
          "CompanionAppsNotification",
          "PhoneAppOTP",
          "OneWaySMS",
          "ConsolidatedTelephony",
          "TwoWayVoiceMobile",
          "TwoWayVoiceAlternateMobile",
          "TwoWayVoiceOffice",
          "FidoKey",
          "AccessPass",
          "RemoteNGC");
  private static final Map<String, String> UNIX =
      Map.of(
          "uid", "uidNumber",
          "gid", "gidNumber",
          "home", "unixHomeDirectory",
          "shell", "loginShell",
          "gecos", "gecos");

  private final Directory directory;

  DirectoryCommands(Service service) {
    this.directory = service.directory();
  }

  void register(Map<String, AdminHandler.Command> commands) {
    commands.put("user-add", this::userAdd);
    commands.put("user-photo", this::userPhoto);
    commands.put("user-del", this::userDel);
    commands.put("user-rename", this::userRename);
    commands.put("user-disable", arguments -> enable(arguments, false));
    commands.put("user-enable", arguments -> enable(arguments, true));
    commands.put("user-list", arguments -> users());
    commands.put("group-add", this::groupAdd);
    commands.put("group-del", this::groupDel);
    commands.put("group-list", arguments -> groups());
  }

  private JsonElement userAdd(Arguments arguments) {
    String upn = arguments.need("upn");
    Tenant tenant = tenantOf(upn, arguments);
    Optional<User> before = directory.user(upn);
    UUID id =
        arguments
            .text("id")
            .map(UUID::fromString)
            .or(() -> before.map(User::id))
            .orElseGet(() -> newId(tenant, upn));
    List<String> methods = arguments.list("mfa");
    for (String method : methods) {
      if (!METHODS.contains(method)) {
        throw new IllegalArgumentException(
            "no method '" + method + "'; there are " + String.join(", ", METHODS));
      }
    }
    if (before.isPresent() && !before.get().id().equals(id)) {
      directory.remove(before.get());
    }
    int at = upn.indexOf('@');
    User user =
        new User(
            tenant.id(),
            id,
            upn,
            arguments.text("name").orElse(at < 0 ? upn : upn.substring(0, at)),
            arguments.text("password").orElse(""),
            methods,
            !arguments.on("disabled"),
            arguments.on("password-expired"),
            unix(arguments, Map.of()),
            Instant.EPOCH);
    directory.put(user);
    return AdminHandler.text(upn + " " + id + " in " + tenant.domains().get(0));
  }

  /** The same in every run for a new name; another one for a name whose account was deleted. */
  private UUID newId(Tenant tenant, String upn) {
    UUID id =
        UUID.nameUUIDFromBytes(
            ("user:" + upn.toLowerCase(java.util.Locale.ROOT)).getBytes(StandardCharsets.UTF_8));
    return directory.wasDeleted(tenant.id(), id) ? UUID.randomUUID() : id;
  }

  /** The tenant of the name's domain; a name without a known one needs to be told. */
  private Tenant tenantOf(String upn, Arguments arguments) {
    return arguments
        .text("tenant")
        .flatMap(directory::tenant)
        .or(() -> directory.tenantOfName(upn))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no tenant has the domain of '"
                        + upn
                        + "'; there are "
                        + directory.tenants().stream().flatMap(t -> t.domains().stream()).toList()
                        + "; name one with --tenant"));
  }

  private static Map<String, String> unix(Arguments arguments, Map<String, String> before) {
    Map<String, String> unix = new HashMap<>(before);
    UNIX.forEach(
        (option, attribute) ->
            arguments.text(option).ifPresent(value -> unix.put(attribute, value)));
    return unix;
  }

  private User user(Arguments arguments) {
    String upn = arguments.need("upn");
    return directory
        .user(upn)
        .orElseThrow(() -> new IllegalArgumentException("no user '" + upn + "'"));
  }

  private JsonElement userDel(Arguments arguments) {
    User user = user(arguments);
    directory.remove(user);
    return AdminHandler.text("deleted " + user.upn());
  }

  private JsonElement userPhoto(Arguments arguments) {
    User user = user(arguments);
    byte[] photo = Base64.getDecoder().decode(arguments.need("photo"));
    directory.photos().put(user, arguments.text("size").orElse(Photos.ORIGINAL), photo);
    return AdminHandler.text(user.upn() + " has a picture of " + photo.length + " bytes");
  }

  private JsonElement userRename(Arguments arguments) {
    User user = user(arguments);
    String to = arguments.need("to");
    if (directory.user(to).filter(other -> !other.id().equals(user.id())).isPresent()) {
      throw new IllegalArgumentException("'" + to + "' exists");
    }
    directory.put(user.withUpn(to));
    arguments.text("name").ifPresent(name -> directory.put(user.withUpn(to).withName(name)));
    return AdminHandler.text(user.upn() + " is now " + to);
  }

  private JsonElement enable(Arguments arguments, boolean enabled) {
    User user = user(arguments);
    directory.put(user.withEnabled(enabled));
    return AdminHandler.text((enabled ? "enabled " : "disabled ") + user.upn());
  }

  private JsonElement users() {
    JsonArray list = new JsonArray();
    for (Tenant tenant : directory.tenants()) {
      for (User user : directory.users(tenant.id())) {
        JsonObject entry = new JsonObject();
        entry.addProperty("upn", user.upn());
        entry.addProperty("id", user.id().toString());
        entry.addProperty("name", user.name());
        entry.addProperty("tenant", tenant.id().toString());
        entry.addProperty("mfa", String.join(",", user.methods()));
        entry.addProperty("enabled", user.enabled());
        list.add(entry);
      }
    }
    return list;
  }

  private JsonElement groupAdd(Arguments arguments) {
    String name = arguments.text("name").orElse("");
    Set<UUID> members = new HashSet<>();
    Set<UUID> tenants = new HashSet<>();
    arguments.text("tenant").flatMap(directory::tenant).ifPresent(t -> tenants.add(t.id()));
    for (String member : arguments.list("member")) {
      Optional<User> user = directory.user(member);
      if (user.isPresent()) {
        tenants.add(user.get().tenant());
        members.add(user.get().id());
      } else {
        members.add(groupOrId(member));
      }
    }
    if (tenants.size() > 1) {
      throw new IllegalArgumentException("the members are of several tenants");
    }
    // Without members or a word, it exists in each tenant, like the group of the default seed.
    List<UUID> where =
        tenants.isEmpty()
            ? directory.tenants().stream().map(Tenant::id).toList()
            : List.copyOf(tenants);
    UUID id =
        arguments
            .text("id")
            .map(UUID::fromString)
            .orElseGet(
                () -> UUID.nameUUIDFromBytes(("group:" + name).getBytes(StandardCharsets.UTF_8)));
    for (UUID tenant : where) {
      Set<UUID> all = new HashSet<>(members);
      directory.group(tenant, id).ifPresent(before -> all.addAll(before.members()));
      directory.put(
          new Group(
              tenant,
              id,
              name,
              arguments.text("type").orElse("group"),
              all,
              unix(arguments, Map.of())));
    }
    return AdminHandler.text(name + " " + id + " with " + members.size() + " members");
  }

  private static UUID groupOrId(String member) {
    try {
      return UUID.fromString(member);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no user '" + member + "' and no object id", e);
    }
  }

  private JsonElement groupDel(Arguments arguments) {
    String name = arguments.need("name");
    int removed = 0;
    for (Tenant tenant : directory.tenants()) {
      for (Group group : directory.groups(tenant.id())) {
        if (group.name().equals(name) || group.id().toString().equalsIgnoreCase(name)) {
          directory.remove(group);
          removed++;
        }
      }
    }
    if (removed == 0) {
      throw new IllegalArgumentException("no group '" + name + "'");
    }
    return AdminHandler.text("deleted " + name);
  }

  private JsonElement groups() {
    JsonArray list = new JsonArray();
    for (Tenant tenant : directory.tenants()) {
      for (Group group : directory.groups(tenant.id())) {
        JsonObject entry = new JsonObject();
        entry.addProperty("name", group.name());
        entry.addProperty("id", group.id().toString());
        entry.addProperty("tenant", tenant.id().toString());
        entry.addProperty("members", group.members().size());
        list.add(entry);
      }
    }
    return list;
  }
}
