package himmelblau.hello.internal;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the sign-ins that currently hold an open key of a user: such a key is not migrated. */
final class OpenKeyCount {
  private final ConcurrentHashMap<UUID, Integer> open = new ConcurrentHashMap<>();

  void opened(UUID user) {
    open.merge(user, 1, Integer::sum);
  }

  void closed(UUID user) {
    open.computeIfPresent(user, (id, count) -> count > 1 ? count - 1 : null);
  }

  boolean none(UUID user) {
    return !open.containsKey(user);
  }
}
