package himmelblau.socket.internal;

import himmelblau.api.tasks.RootTasks.Offered;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tasks that helpers have named, with the time since when each is there or gone. Thread-safe.
 */
final class OfferedTasks {
  /** A helper that names more has lost its way. */
  private static final int MOST = 200;

  private final InstantSource clock;
  private final TreeMap<String, Offered> tasks = new TreeMap<>();

  OfferedTasks(InstantSource clock) {
    this.clock = clock;
  }

  /** What a helper offers now: all others are gone. */
  synchronized void now(Collection<String> names) {
    Instant time = clock.instant();
    for (String name : names) {
      if (!available(name) && tasks.size() < MOST) {
        tasks.put(name, new Offered(name, true, time));
      }
    }
    for (Offered task : List.copyOf(tasks.values())) {
      if (task.available() && !Set.copyOf(names).contains(task.name())) {
        tasks.put(task.name(), new Offered(task.name(), false, time));
      }
    }
  }

  private boolean available(String name) {
    Offered task = tasks.get(name);
    return task != null && task.available();
  }

  synchronized List<Offered> all() {
    return List.copyOf(tasks.values());
  }
}
