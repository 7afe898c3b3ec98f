package himmelblau.tasks.groups.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Member lists in the lines of {@code group} and {@code gshadow}: {@code name:…:…:member,member}.
 * Lines of any other form are not changed.
 */
final class MemberLists {
  private static final int FIELDS = 4;

  private MemberLists() {}

  /** The members of {@code group}; empty if there is no such line. */
  static Optional<List<String>> of(List<String> lines, String group) {
    return lines.stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> isLineOf(fields, group))
        .findFirst()
        .map(fields -> list(fields[FIELDS - 1]));
  }

  /** The lines with {@code user} in {@code group}. */
  static List<String> with(List<String> lines, String group, String user) {
    return change(lines, group, members -> members.contains(user) ? members : plus(members, user));
  }

  /** The lines without {@code user} in {@code group}. */
  static List<String> without(List<String> lines, String group, String user) {
    return change(
        lines, group, members -> members.stream().filter(each -> !each.equals(user)).toList());
  }

  private interface Change {
    List<String> of(List<String> members);
  }

  private static List<String> change(List<String> lines, String group, Change change) {
    List<String> next = new ArrayList<>(lines.size());
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      if (isLineOf(fields, group)) {
        List<String> before = list(fields[FIELDS - 1]);
        List<String> after = change.of(before);
        if (!after.equals(before)) {
          fields[FIELDS - 1] = String.join(",", after);
          next.add(String.join(":", fields));
          continue;
        }
      }
      next.add(line);
    }
    return next;
  }

  private static boolean isLineOf(String[] fields, String group) {
    return fields.length == FIELDS && fields[0].equals(group);
  }

  private static List<String> list(String members) {
    return members.isEmpty() ? List.of() : Arrays.asList(members.split(",", -1));
  }

  private static List<String> plus(List<String> members, String user) {
    List<String> more = new ArrayList<>(members);
    more.add(user);
    return more;
  }
}
