package himmelblau.tasks.groups.internal;

import himmelblau.tasks.files.AccountFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Updates the local groups of one user according to the configuration. Thread-safe. */
final class LocalGroups {
  private static final String GROUP = "group";
  private static final String GSHADOW = "gshadow";
  private static final String RECORD = "local-groups";

  private final AccountFiles accounts;
  private final AccountFiles state;

  /**
   * @param accounts the host's account files
   * @param state stores the memberships that this task added
   */
  LocalGroups(AccountFiles accounts, AccountFiles state) {
    this.accounts = accounts;
    this.state = state;
  }

  /**
   * The configured groups.
   *
   * @param always groups that every user is added to
   * @param sudo the group of those who may use sudo
   * @param entitling object ids whose members may
   */
  record Rules(List<String> always, String sudo, Set<String> entitling) {}

  /** Returns what was changed or could not be, for the log. */
  List<String> apply(String name, Set<String> objectIds, Rules rules)
      throws IOException, InterruptedException {
    String user = AccountFiles.raw(name);
    boolean entitled = objectIds.stream().anyMatch(rules.entitling()::contains);
    Set<String> wanted = new LinkedHashSet<>(rules.always());
    if (entitled) {
      wanted.add(rules.sudo());
    }
    return accounts.locked(
        () -> {
          List<String> done = new ArrayList<>();
          for (String group : wanted) {
            Optional<List<String>> members = members(group);
            if (members.isEmpty()) {
              done.add("there is no local group " + group);
            } else if (!members.get().contains(user)) {
              note(
                  user,
                  group); // recorded first: a membership that may be removed later must never be
              // unrecorded
              add(user, group);
              done.add("added to " + group);
            }
          }
          for (Note note : notes()) {
            if (note.user().equals(user) && !isIn(wanted, note)) {
              takeAway(note, done);
            }
          }
          return done;
        });
  }

  /**
   * Removes memberships that this task added and that the configuration no longer contains, for all
   * users. Membership in the sudo group depends on the user and is left to {@link #apply}.
   *
   * @param local whose groups are the administrator's alone, as in a line
   */
  List<String> sweep(Rules rules, Set<String> local) throws IOException, InterruptedException {
    Set<String> mentioned = new LinkedHashSet<>(rules.always());
    if (!rules.entitling().isEmpty()) {
      mentioned.add(rules.sudo());
    }
    if (notes().stream().allMatch(note -> isIn(mentioned, note))) {
      return List.of();
    }
    return accounts.locked(
        () -> {
          List<String> done = new ArrayList<>();
          for (Note note : notes()) {
            if (!isIn(mentioned, note) && !local.contains(note.user())) {
              takeAway(note, done);
            }
          }
          return done;
        });
  }

  private static boolean isIn(Set<String> groups, Note note) {
    return groups.stream().anyMatch(group -> AccountFiles.raw(group).equals(note.group()));
  }

  private void takeAway(Note note, List<String> done) throws IOException, InterruptedException {
    if (MemberLists.of(accounts.lines(GROUP), note.group())
        .map(members -> members.contains(note.user()))
        .orElse(false)) {
      remove(note);
      done.add(text(note.user()) + " removed from " + text(note.group()));
    }
    forget(note);
  }

  private Optional<List<String>> members(String group) throws IOException {
    return MemberLists.of(accounts.lines(GROUP), AccountFiles.raw(group));
  }

  private void add(String user, String group) throws IOException, InterruptedException {
    String raw = AccountFiles.raw(group);
    boolean changed = accounts.edit(GROUP, 0644, lines -> MemberLists.with(lines, raw, user));
    if (changed && !accounts.lines(GSHADOW).isEmpty()) {
      accounts.edit(GSHADOW, 0640, lines -> MemberLists.with(lines, raw, user));
    }
  }

  private void remove(Note note) throws IOException, InterruptedException {
    accounts.edit(GROUP, 0644, lines -> MemberLists.without(lines, note.group(), note.user()));
    if (!accounts.lines(GSHADOW).isEmpty()) {
      accounts.edit(GSHADOW, 0640, lines -> MemberLists.without(lines, note.group(), note.user()));
    }
  }

  /** That we put {@code user} into {@code group}, both as in a line. */
  private record Note(String user, String group) {}

  private List<Note> notes() throws IOException {
    return state.lines(RECORD).stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length == 2)
        .map(fields -> new Note(fields[0], fields[1]))
        .toList();
  }

  private void note(String user, String group) throws IOException, InterruptedException {
    String line = user + ":" + AccountFiles.raw(group);
    state.edit(
        RECORD,
        0600,
        lines -> {
          Set<String> next = new LinkedHashSet<>(lines);
          next.add(line);
          return List.copyOf(next);
        });
  }

  private void forget(Note note) throws IOException, InterruptedException {
    String line = note.user() + ":" + note.group();
    state.edit(RECORD, 0600, lines -> lines.stream().filter(each -> !each.equals(line)).toList());
  }

  private static String text(String raw) {
    return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
