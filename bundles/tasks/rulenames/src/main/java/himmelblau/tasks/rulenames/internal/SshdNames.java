package himmelblau.tasks.rulenames.internal;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Groups in sshd_config(5): {@code AllowGroups} and {@code Match Group}, with their patterns.
 * Groups in {@code DenyGroups} or with a leading {@code !} are omitted: replacing their name by an
 * object id would undo the denial.
 */
final class SshdNames {
  private SshdNames() {}

  static void collect(String text, Consumer<String> to) {
    for (String line : text.lines().map(String::strip).toList()) {
      List<String> words = RuleText.words(line);
      if (words.isEmpty() || words.getFirst().startsWith("#")) {
        continue;
      }
      switch (words.getFirst().toLowerCase(Locale.ROOT)) {
        case "allowgroups" -> words.subList(1, words.size()).forEach(word -> pattern(word, to));
        case "match" -> match(words, to);
        default -> {
          // no names of groups
        }
      }
    }
  }

  private static void match(List<String> words, Consumer<String> to) {
    for (int i = 1; i + 1 < words.size(); i++) {
      if (words.get(i).equalsIgnoreCase("group")) {
        for (String each : words.get(i + 1).split(",", -1)) {
          pattern(each, to);
        }
      }
    }
  }

  /** A pattern that matches every name ({@code *}) grants a right to every group. */
  private static void pattern(String pattern, Consumer<String> to) {
    if (!pattern.startsWith("!") && !pattern.replace("*", "").isEmpty()) {
      to.accept(pattern);
    }
  }
}
