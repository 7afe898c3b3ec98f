package himmelblau.tasks.subid.internal;

import himmelblau.tasks.files.AccountFiles;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.subid.internal.SubidRanges.Taken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /etc/subuid} and {@code /etc/subgid} (subuid(5)). Thread-safe. */
final class SubidFiles {
  private static final List<String> FILES = List.of("subuid", "subgid");
  private static final int MODE = 0644;

  private final AccountFiles accounts;
  private final SubidOwners notes;

  SubidFiles(AccountFiles accounts, SubidOwners notes) {
    this.accounts = accounts;
    this.notes = notes;
  }

  /**
   * Gives a user a range in both files, the same where possible, unless there is one already. A
   * range of another user who had the name before is never assigned again; a range that the user
   * had under another name is kept.
   *
   * @return what was done
   */
  String give(String name, long uid, Optional<UUID> id, SubidRanges slots)
      throws IOException, InterruptedException {
    String user = AccountFiles.raw(name);
    return accounts.locked(
        () -> {
          List<Taken> taken = new ArrayList<>();
          if (id.isPresent()) {
            taken.addAll(strangers(user, id.get()));
            carry(user, uid, id.get());
          }
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
          if (id.isPresent()) {
            notes.note(user, id.get());
          }
          if (missing.isEmpty()) {
            return "has subordinate ids already";
          }
          long start = start(name, slots, taken, other);
          for (String file : missing) {
            accounts.edit(file, MODE, lines -> plus(lines, user, start));
          }
          return start + ":" + SubidRanges.COUNT + " in " + missing;
        });
  }

  /**
   * Removes the range of the former owner of the name; it is not assigned again, because files may
   * have these ids.
   */
  private List<Taken> strangers(String user, UUID id) throws IOException, InterruptedException {
    List<Taken> theirs = new ArrayList<>();
    if (notes.strange(user, id)) {
      for (String file : FILES) {
        accounts.edit(
            file,
            MODE,
            lines -> {
              List<String> left = new ArrayList<>(lines);
              left.removeIf(
                  line -> {
                    boolean old = line.startsWith(user + ":");
                    if (old) {
                      parse(line).ifPresent(theirs::add);
                    }
                    return old;
                  });
              return left;
            });
      }
    }
    return theirs;
  }

  /** After a rename the lines say the new name. */
  private void carry(String user, long uid, UUID id) throws IOException, InterruptedException {
    Optional<String> former = notes.former(user, id);
    if (former.isEmpty()) {
      return;
    }
    String old = former.get() + ":";
    for (String file : FILES) {
      accounts.edit(
          file,
          MODE,
          lines ->
              own(lines, user, uid).isPresent()
                  ? lines
                  : lines.stream()
                      .map(
                          line ->
                              line.startsWith(old)
                                  ? user + ":" + line.substring(old.length())
                                  : line)
                      .toList());
    }
  }

  private static long start(String name, SubidRanges slots, List<Taken> taken, Optional<Long> other)
      throws FileRefused {
    if (other.isPresent() && taken.stream().noneMatch(each -> each.overlaps(other.get()))) {
      return other.get();
    }
    return slots
        .free(name, taken)
        .orElseThrow(() -> new FileRefused("subid_range has no free ids left; make it larger"));
  }

  private static List<String> plus(List<String> lines, String user, long start) {
    List<String> more = new ArrayList<>(lines);
    more.add(user + ":" + start + ":" + SubidRanges.COUNT);
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
