package himmelblau.testing.tenant.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.crypto.Encoding;
import himmelblau.testing.tenant.crypto.WebAuthn;
import himmelblau.testing.tenant.directory.Device;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Group;
import himmelblau.testing.tenant.directory.Tenant;
import himmelblau.testing.tenant.directory.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Commands about devices, passkeys and sessions, and about many objects at once. */
final class DeviceCommands {
  private final Service service;
  private final Directory directory;

  DeviceCommands(Service service) {
    this.service = service;
    this.directory = service.directory();
  }

  void register(Map<String, AdminHandler.Command> commands) {
    commands.put("device-list", arguments -> devices());
    commands.put("device-del", this::deviceDel);
    commands.put("device-disable", arguments -> deviceEnable(arguments, false));
    commands.put("device-enable", arguments -> deviceEnable(arguments, true));
    commands.put("passkey-add", this::passkeyAdd);
    commands.put("revoke", this::revoke);
    commands.put("bulk-add", this::bulkAdd);
  }

  private User user(Arguments arguments) {
    String upn = arguments.need("upn");
    return directory
        .user(upn)
        .orElseThrow(() -> new IllegalArgumentException("no user '" + upn + "'"));
  }

  private JsonElement devices() {
    JsonArray list = new JsonArray();
    for (Device device : directory.devices()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("id", device.id().toString());
      entry.addProperty("name", device.name());
      entry.addProperty("type", device.type());
      entry.addProperty("tenant", device.tenant().toString());
      entry.addProperty("owner", device.owner().toString());
      entry.addProperty("joined", device.joined());
      entry.addProperty("enabled", device.enabled());
      list.add(entry);
    }
    return list;
  }

  private Device device(Arguments arguments) {
    String id = arguments.need("id");
    return directory.devices().stream()
        .filter(one -> one.id().toString().equalsIgnoreCase(id) || one.name().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no device '" + id + "'"));
  }

  private JsonElement deviceDel(Arguments arguments) {
    Device device = device(arguments);
    directory.remove(device);
    return AdminHandler.text("deleted " + device.id());
  }

  private JsonElement deviceEnable(Arguments arguments, boolean enabled) {
    Device device = device(arguments);
    directory.put(device.withEnabled(enabled));
    return AdminHandler.text((enabled ? "enabled " : "disabled ") + device.id());
  }

  private JsonElement passkeyAdd(Arguments arguments) {
    User user = user(arguments);
    service
        .credentials()
        .add(
            user,
            WebAuthn.Passkey.of(
                Encoding.decode(arguments.need("credential-id")),
                Encoding.decode(arguments.need("public-key")),
                Encoding.decode(arguments.text("user-handle").orElse("")),
                arguments.on("cross-device")));
    return AdminHandler.text("passkey of " + user.upn() + " added");
  }

  private JsonElement revoke(Arguments arguments) {
    User user = user(arguments);
    directory.put(user.withTokensValidFrom(service.clock().now()));
    return AdminHandler.text("tokens of " + user.upn() + " revoked");
  }

  /** Many at once, for tests of scale: each bulk user is a member of a few of the bulk groups. */
  private JsonElement bulkAdd(Arguments arguments) {
    int count = (int) arguments.number("count", 0);
    Tenant tenant =
        arguments
            .text("tenant")
            .flatMap(directory::tenant)
            .orElseGet(() -> directory.tenants().iterator().next());
    String what = arguments.need("what");
    for (int i = 0; i < count; i++) {
      UUID id =
          UUID.nameUUIDFromBytes(
              (what + ":" + tenant.id() + ":" + i).getBytes(StandardCharsets.UTF_8));
      if (what.equals("users")) {
        String name = String.format("bulk%07d", i);
        directory.put(
            new User(
                tenant.id(),
                id,
                name + "@" + tenant.domains().get(0),
                name,
                "Passw0rd!",
                List.of("PhoneAppNotification"),
                true,
                false,
                Map.of(),
                Instant.EPOCH));
      } else if (what.equals("groups")) {
        Set<UUID> members = new HashSet<>();
        for (String member : arguments.list("member")) {
          directory.user(member).ifPresent(user -> members.add(user.id()));
        }
        directory.put(
            new Group(
                tenant.id(), id, String.format("bulkgroup%06d", i), "group", members, Map.of()));
      } else {
        throw new IllegalArgumentException("bulk adds users or groups, not '" + what + "'");
      }
    }
    return AdminHandler.text(count + " " + what + " in " + tenant.domains().get(0));
  }
}
