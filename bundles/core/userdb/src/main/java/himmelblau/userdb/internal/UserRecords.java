package himmelblau.userdb.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.api.account.AccountName;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.PasswdEntry;
import java.util.List;
import java.util.UUID;

/**
 * JSON user and group records (systemd.io/USER_RECORD, GROUP_RECORD): the regular section only.
 * They are marked as incomplete: from a complete record nss-systemd would create a shadow entry
 * with a locked password, which would take precedence over that of our module.
 */
final class UserRecords {
  private static final String REGULAR = "regular";

  private UserRecords() {}

  static JsonObject user(PasswdEntry entry, AccountName name, List<UUID> groups) {
    JsonObject record = new JsonObject();
    record.addProperty("userName", entry.name());
    if (!entry.name().equals(name.upn())) {
      // So that a client which checks what it asked for knows the user principal name again.
      record.add("aliases", array(List.of(name.upn())));
      if (entry.name().equals(name.local())) {
        record.addProperty("realm", name.domain());
      }
    }
    // Also when it is empty: systemd would put the user's name in its place.
    record.addProperty("realName", entry.gecos());
    record.addProperty("uid", entry.uid());
    record.addProperty("gid", entry.gid());
    if (!groups.isEmpty()) {
      record.add("memberOf", array(groups.stream().map(UUID::toString).toList()));
    }
    record.addProperty("homeDirectory", entry.directory());
    record.addProperty("shell", entry.shell());
    return reply(ended(record));
  }

  /**
   * A group.
   *
   * @param asked the name it was asked for, so that a client knows it again
   */
  static JsonObject group(GroupEntry entry, String asked) {
    JsonObject record = new JsonObject();
    record.addProperty("groupName", entry.name());
    if (!asked.equals(entry.name())) {
      record.add("aliases", array(List.of(asked)));
    }
    record.addProperty("gid", entry.gid());
    record.add("members", array(entry.members()));
    return reply(ended(record));
  }

  static JsonObject membership(String user, String group) {
    JsonObject pair = new JsonObject();
    pair.addProperty("userName", user);
    pair.addProperty("groupName", group);
    return pair;
  }

  private static JsonObject ended(JsonObject record) {
    record.addProperty("disposition", REGULAR);
    record.addProperty("service", UserDatabase.SERVICE);
    return record;
  }

  private static JsonObject reply(JsonObject record) {
    JsonObject reply = new JsonObject();
    reply.add("record", record);
    reply.addProperty("incomplete", true);
    return reply;
  }

  private static JsonArray array(List<String> texts) {
    JsonArray array = new JsonArray(texts.size());
    texts.forEach(array::add);
    return array;
  }
}
