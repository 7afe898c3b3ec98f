package himmelblau.login.internal.session;

import himmelblau.api.directory.Account;
import himmelblau.api.tasks.TaskRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The task {@code groups} of docs/protocol/tasks.md. */
final class GroupTask {
  private GroupTask() {}

  static TaskRequest of(Account account, Duration budget) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    put(values, "user", account.passwd().name());
    put(values, "uid", Long.toString(account.passwd().uid()));
    List<UUID> groups = account.groups();
    for (int i = 0; i < groups.size(); i++) {
      put(values, "group." + i, groups.get(i).toString());
    }
    return new TaskRequest("groups", values, budget);
  }

  private static void put(Map<String, byte[]> values, String name, String value) {
    values.put(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
