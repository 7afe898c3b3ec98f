package himmelblau.tasks.rulenames.internal;

import java.util.function.Consumer;

/**
 * Groups in sudoers(5): names after a {@code %}, plain, with backslashes or in quotes. A group that
 * is only denied ({@code !%name}) is omitted: replacing its name by an object id would undo the
 * denial.
 */
final class SudoersNames {
  private static final String ENDS = ",=:()!\"";

  private SudoersNames() {}

  static void collect(String text, Consumer<String> to) {
    for (String line : RuleText.logical(text)) {
      if (!line.matches("#(?![0-9]).*")) { // with digits it is a uid
        line(line, to);
      }
    }
  }

  private static void line(String line, Consumer<String> to) {
    for (int at = line.indexOf('%'); at >= 0; at = line.indexOf('%', at + 1)) {
      boolean quoted = at > 0 && line.charAt(at - 1) == '"';
      int before = quoted ? at - 2 : at - 1;
      while (before >= 0 && line.charAt(before) == ' ') {
        before--;
      }
      boolean denied = before >= 0 && line.charAt(before) == '!' && !twice(line, before);
      int start = at + 1;
      if (start < line.length() && line.charAt(start) == ':') {
        start++; // a group of a plug-in
      }
      if (!denied) {
        to.accept(name(line, start, quoted));
      }
    }
  }

  /** {@code !!} denies nothing. */
  private static boolean twice(String line, int at) {
    int signs = 0;
    for (int i = at; i >= 0 && line.charAt(i) == '!'; i--) {
      signs++;
    }
    return signs % 2 == 0;
  }

  private static String name(String line, int start, boolean quoted) {
    StringBuilder name = new StringBuilder();
    for (int i = start; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        int code = hex(line, i + 1);
        name.append(code >= 0 ? (char) code : line.charAt(i + 1));
        i += code >= 0 ? 3 : 1;
      } else if (quoted ? c == '"' : Character.isWhitespace(c) || ENDS.indexOf(c) >= 0) {
        break;
      } else {
        name.append(c);
      }
    }
    return name.toString();
  }

  /** The value of {@code xHH}, or -1. */
  private static int hex(String line, int at) {
    return at + 2 < line.length() && line.charAt(at) == 'x'
        ? twoDigits(line.charAt(at + 1), line.charAt(at + 2))
        : -1;
  }

  private static int twoDigits(char high, char low) {
    int upper = Character.digit(high, 16);
    int lower = Character.digit(low, 16);
    return upper < 0 || lower < 0 ? -1 : upper * 16 + lower;
  }
}
