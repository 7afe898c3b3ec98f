package himmelblau.tasks.groups.internal;

import himmelblau.tasks.files.AccountFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings the local groups of one person in line with the configuration. Thread-safe. */
final class LocalGroups {
  private static final String GROUP = "group";
  private static final String GSHADOW = "gshadow";
  private static final String RECORD = "local-groups";

  private final AccountFiles accounts;
  private final AccountFiles state;

  /**
   * @param accounts the host's account files
   * @param state where we note what we added
   */
  LocalGroups(AccountFiles accounts, AccountFiles state) {
    this.accounts = accounts;
    this.state = state;
  }

  /**
   * What the configuration asks for.
   *
   * @param always groups that everyone is put into
   * @param sudo the group of those who may use sudo
   * @param entitling object ids whose members may; empty: that group is left alone
   */
  record Rules(List<String> always, String sudo, Set<String> entitling) {}

  /** Returns what was changed or could not be, for the log. */
  List<String> apply(String name, Set<String> objectIds, Rules rules)
      throws IOException, InterruptedException {
    String user = AccountFiles.raw(name);
    return accounts.locked(
        () -> {
          List<String> done = new ArrayList<>();
          for (String group : new LinkedHashSet<>(rules.always())) {
            if (add(user, group)) {
              done.add("added to " + group);
            } else if (members(group).isEmpty()) {
              done.add("there is no local group " + group);
            }
          }
          if (!rules.entitling().isEmpty() && !rules.always().contains(rules.sudo())) {
            sudo(user, objectIds.stream().anyMatch(rules.entitling()::contains), rules, done);
          }
          return done;
        });
  }

  private void sudo(String user, boolean entitled, Rules rules, List<String> done)
      throws IOException, InterruptedException {
    String group = rules.sudo();
    if (entitled && members(group).isEmpty()) {
      done.add("there is no local group " + group);
    } else if (entitled && !members(group).get().contains(user)) {
      note(user, group); // first: what we may take away again must never be unknown
      add(user, group);
      done.add("added to " + group);
    }
    for (String noted : noted(user)) {
      if (!entitled || !noted.equals(group)) {
        if (members(noted).map(members -> members.contains(user)).orElse(false)) {
          remove(user, noted);
          done.add("removed from " + noted);
        }
        forget(user, noted);
      }
    }
  }

  private Optional<List<String>> members(String group) throws IOException {
    return Members.of(accounts.lines(GROUP), AccountFiles.raw(group));
  }

  private boolean add(String user, String group) throws IOException, InterruptedException {
    String raw = AccountFiles.raw(group);
    boolean changed = accounts.edit(GROUP, 0644, lines -> Members.with(lines, raw, user));
    if (changed && !accounts.lines(GSHADOW).isEmpty()) {
      accounts.edit(GSHADOW, 0640, lines -> Members.with(lines, raw, user));
    }
    return changed;
  }

  private void remove(String user, String group) throws IOException, InterruptedException {
    String raw = AccountFiles.raw(group);
    accounts.edit(GROUP, 0644, lines -> Members.without(lines, raw, user));
    if (!accounts.lines(GSHADOW).isEmpty()) {
      accounts.edit(GSHADOW, 0640, lines -> Members.without(lines, raw, user));
    }
  }

  private List<String> noted(String user) throws IOException {
    return state.lines(RECORD).stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length == 2 && fields[0].equals(user))
        .map(fields -> fields[1])
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

  private void forget(String user, String group) throws IOException, InterruptedException {
    String line = user + ":" + group;
    state.edit(RECORD, 0600, lines -> lines.stream().filter(each -> !each.equals(line)).toList());
  }
}
