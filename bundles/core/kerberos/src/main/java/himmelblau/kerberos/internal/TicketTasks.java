package himmelblau.kerberos.internal;

import himmelblau.api.secret.Secret;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** What the root helper is asked to do (docs/protocol/tasks.md). Thread-safe. */
final class TicketTasks {
  private static final Duration BUDGET = Duration.ofSeconds(60); // host-behaviour 6.6

  private final Supplier<Optional<RootTasks>> tasks;

  TicketTasks(Supplier<Optional<RootTasks>> tasks) {
    this.tasks = tasks;
  }

  /**
   * Writes tickets into the user's credential cache.
   *
   * @param primary whether the last of them becomes the one that programs use first
   * @param caches borrowed
   */
  TaskResult keep(long uid, long gid, boolean primary, List<Secret> caches) {
    Map<String, byte[]> values = user(uid, gid);
    values.put("primary", text(primary ? "1" : "0"));
    for (int i = 0; i < caches.size(); i++) {
      values.put("cache." + i, caches.get(i).copyBytes());
    }
    try {
      return run("kerberos-keep", values);
    } finally {
      values.forEach(
          (name, value) -> {
            if (name.startsWith("cache.")) {
              Arrays.fill(value, (byte) 0);
            }
          });
    }
  }

  /** Removes all tickets that {@link #keep} wrote for a user. */
  TaskResult drop(long uid, long gid) {
    return run("kerberos-drop", user(uid, gid));
  }

  /** Tells the Kerberos library where the directory's realm is. */
  TaskResult configure(UUID tenant, List<String> suffixes) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    values.put("tenant", text(tenant.toString()));
    for (int i = 0; i < suffixes.size(); i++) {
      values.put("suffix." + i, text(suffixes.get(i)));
    }
    return run("kerberos-realm", values);
  }

  /** Takes back what {@link #configure} told. */
  TaskResult unconfigure() {
    return run("kerberos-realm", Map.of());
  }

  private static Map<String, byte[]> user(long uid, long gid) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    values.put("uid", text(Long.toString(uid)));
    values.put("gid", text(Long.toString(gid)));
    return values;
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private TaskResult run(String task, Map<String, byte[]> values) {
    return tasks
        .get()
        .map(helper -> helper.run(new TaskRequest(task, values, BUDGET)))
        .orElseGet(() -> new TaskResult(Status.FAILED, "There is no root helper"));
  }
}
