package himmelblau.config.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks whether entries of {@code pam_allow_groups} and {@code sudo_groups} can match any user or
 * group.
 */
final class AccessEntries {
  private static final Pattern OBJECT_ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final Pattern UPN =
      Pattern.compile("[^@\\s\"'(){}\\[\\]<>;,]+@[^@\\s\"'(){}\\[\\]<>;,]+");

  private AccessEntries() {}

  /**
   * The problem of one entry, and the correct form.
   *
   * @param users whether names of users are valid there, too
   */
  static Optional<String> flaw(String entry, boolean users) {
    if (entry.isEmpty()
        || OBJECT_ID.matcher(entry).matches()
        || (users && UPN.matcher(entry).matches())) {
      return Optional.empty();
    }
    String quoted = "\"" + QuotedText.of(entry) + "\" ";
    if (entry.codePoints().anyMatch(c -> "\"'(){}[]<>".indexOf(c) >= 0)) {
      return Optional.of(quoted + "contains quotes or brackets; write entries without them");
    }
    if (entry.codePoints().anyMatch(c -> Character.isWhitespace(c) || c == ';')) {
      return Optional.of(quoted + "contains blanks or semicolons; separate entries with commas");
    }
    return Optional.of(
        quoted
            + (users
                ? "is neither the object id of a group nor a name as in user@example.com; names of"
                    + " groups never match, write the object id"
                : "is no object id of a group; names of groups never match, write the object id"));
  }

  /** Whether a list that is set has no entries. */
  static boolean nobody(List<String> entries) {
    return !entries.isEmpty() && entries.stream().allMatch(String::isEmpty);
  }
}
