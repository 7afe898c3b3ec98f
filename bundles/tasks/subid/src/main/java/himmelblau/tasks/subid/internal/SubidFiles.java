package himmelblau.tasks.subid.internal;

import himmelblau.tasks.files.AccountFiles;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.subid.internal.Slots.Taken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code /etc/subuid} and {@code /etc/subgid} (subuid(5)). Thread-safe. */
final class SubidFiles {
  private static final List<String> FILES = List.of("subuid", "subgid");
  private static final int MODE = 0644;

  private final AccountFiles accounts;

  SubidFiles(AccountFiles accounts) {
    this.accounts = accounts;
  }

  /**
   * Gives a person a range in both files, the same where possible, unless there is one already.
   *
   * @return what was done
   */
  String give(String name, long uid, Slots slots) throws IOException, InterruptedException {
    String user = AccountFiles.raw(name);
    return accounts.locked(
        () -> {
          List<Taken> taken = new ArrayList<>();
          List<String> missing = new ArrayList<>();
          Optional<Long> other = Optional.empty();
          for (String file : FILES) {
            List<String> lines = accounts.lines(file);
            Optional<Taken> own = own(lines, user, uid);
            if (own.isPresent()) {
              other = own.map(Taken::start);
            } else {
              missing.add(file);
              taken.addAll(taken(lines));
            }
          }
          if (missing.isEmpty()) {
            return "has subordinate ids already";
          }
          long start = start(name, slots, taken, other);
          for (String file : missing) {
            accounts.edit(file, MODE, lines -> plus(lines, user, start));
          }
          return start + ":" + Slots.COUNT + " in " + missing;
        });
  }

  private static long start(String name, Slots slots, List<Taken> taken, Optional<Long> other)
      throws FileRefused {
    if (other.isPresent() && taken.stream().noneMatch(each -> each.overlaps(other.get()))) {
      return other.get();
    }
    return slots
        .free(name, taken)
        .orElseThrow(() -> new FileRefused("subid_range is used up; make it larger"));
  }

  private static List<String> plus(List<String> lines, String user, long start) {
    List<String> more = new ArrayList<>(lines);
    more.add(user + ":" + start + ":" + Slots.COUNT);
    return more;
  }

  /** By name or by number, as newuidmap(1) looks it up. */
  private static Optional<Taken> own(List<String> lines, String user, long uid) {
    return lines.stream()
        .filter(line -> line.startsWith(user + ":") || line.startsWith(uid + ":"))
        .findFirst()
        .map(line -> parse(line).orElse(new Taken(-1, 0)));
  }

  private static List<Taken> taken(List<String> lines) {
    return lines.stream().flatMap(line -> parse(line).stream()).toList();
  }

  private static Optional<Taken> parse(String line) {
    String[] fields = line.split(":", -1);
    try {
      return fields.length == 3
          ? Optional.of(new Taken(Long.parseLong(fields[1]), Long.parseLong(fields[2])))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
