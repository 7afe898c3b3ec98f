package himmelblau.socket.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.CommandDeclaration;
import himmelblau.api.plugin.PluginRank;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The currently registered commands. Readers use an immutable snapshot. Thread-safe. */
final class CommandTable {
  /**
   * A command.
   *
   * @param words its name
   * @param properties what the service says, for a command that no resource describes
   * @param routine whether its runs are not worth a line
   * @param rank its place among commands of the same name, of which the first is run
   */
  record Entry(
      List<String> words,
      CommandDeclaration properties,
      boolean routine,
      AdminCommand command,
      PluginRank rank) {
    String name() {
      return String.join(" ", words);
    }

    /** Read when it is asked for: most commands are not, and the daemon shall be ready soon. */
    CommandDeclaration declaration() {
      return CommandDeclaration.find(command.getClass(), name()).orElse(properties);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile List<Entry> entries = List.of();

  void add(AdminCommand command, Map<String, ?> properties) {
    List<String> words = words(properties.get(AdminCommand.COMMAND));
    if (words.isEmpty()) {
      return;
    }
    Entry entry =
        new Entry(
            words,
            declared(String.join(" ", words), properties),
            truth(properties.get(AdminCommand.ROUTINE)),
            command,
            PluginRank.of(properties));
    lock.lock();
    try {
      List<Entry> more = new ArrayList<>(entries);
      more.add(entry);
      // The longest name first, so that "cred list" is found before a command "cred".
      more.sort(
          Comparator.comparingInt((Entry e) -> -e.words().size())
              .thenComparing(Entry::name)
              .thenComparing(Entry::rank));
      entries = List.copyOf(more);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void remove(AdminCommand command) {
    lock.lock();
    try {
      entries = entries.stream().filter(entry -> entry.command() != command).toList();
    } finally {
      lock.unlock();
    }
  }

  /** One of each name: the one that is run. */
  List<Entry> all() {
    Map<List<String>, Entry> first = new LinkedHashMap<>();
    entries.forEach(entry -> first.putIfAbsent(entry.words(), entry));
    return List.copyOf(first.values());
  }

  /**
   * The command that {@code words} begin with, if it is registered now or within {@code patience}.
   */
  Optional<Entry> find(List<String> words, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        Optional<Entry> found =
            entries.stream()
                .filter(
                    entry ->
                        entry.words().size() <= words.size()
                            && entry.words().equals(words.subList(0, entry.words().size())))
                .findFirst();
        if (found.isPresent() || left <= 0) {
          return found;
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private static CommandDeclaration declared(String name, Map<String, ?> properties) {
    return new CommandDeclaration(
        name,
        truth(properties.get(AdminCommand.ANYONE)),
        properties.get(AdminCommand.SUMMARY) instanceof String text ? text : "",
        "",
        List.of());
  }

  private static boolean truth(@Nullable Object value) {
    return Boolean.TRUE.equals(value) || "true".equals(value);
  }

  private static List<String> words(@Nullable Object name) {
    return name instanceof String text && !text.isBlank()
        ? List.of(text.strip().split("\\s+"))
        : List.of();
  }
}
