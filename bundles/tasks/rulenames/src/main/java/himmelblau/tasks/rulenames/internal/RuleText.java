package himmelblau.tasks.rulenames.internal;

import java.util.ArrayList;
import java.util.List;

/** Splits lines and words in the same way as sudo and sshd. */
final class RuleText {
  private RuleText() {}

  /** Lines, those that end in a backslash joined with the next. */
  static List<String> logical(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.endsWith("\\")) {
        open.append(line, 0, line.length() - 1);
      } else {
        lines.add(open.append(line).toString().strip());
        open.setLength(0);
      }
    }
    if (!open.isEmpty()) {
      lines.add(open.toString().strip());
    }
    return lines;
  }

  /** Words between blanks or equals signs; quotes hold one together. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    boolean open = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        open = true;
      } else if (Character.isWhitespace(c) || c == '=') {
        if (open || !word.isEmpty()) {
          words.add(word.toString());
        }
        word.setLength(0);
        open = false;
      } else {
        word.append(c);
      }
    }
    if (open || !word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }
}
