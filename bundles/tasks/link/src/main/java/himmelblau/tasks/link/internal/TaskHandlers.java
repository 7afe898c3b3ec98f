package himmelblau.tasks.link.internal;

import himmelblau.api.tasks.TaskHandler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** The current handler of each task: a snapshot that is replaced atomically. Thread-safe. */
final class TaskHandlers {
  private volatile Map<String, TaskHandler> byTask = Map.of();

  Optional<TaskHandler> of(String task) {
    return Optional.ofNullable(byTask.get(task));
  }

  Set<String> tasks() {
    return new TreeSet<>(byTask.keySet());
  }

  synchronized void add(String task, TaskHandler handler) {
    Map<String, TaskHandler> next = new TreeMap<>(byTask);
    next.put(task, handler);
    byTask = next;
    notifyAll();
  }

  /** Waits until there are so many tasks, but no longer than {@code patience}. */
  synchronized void await(int count, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (long left = patience.toNanos();
        byTask.size() < count && left > 0;
        left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Only if {@code handler} is still the one: its successor may be there already. */
  synchronized void remove(String task, TaskHandler handler) {
    Map<String, TaskHandler> next = new TreeMap<>(byTask);
    next.remove(task, handler);
    byTask = next;
  }
}
