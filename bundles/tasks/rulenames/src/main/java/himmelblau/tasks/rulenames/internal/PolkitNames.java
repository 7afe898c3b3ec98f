package himmelblau.tasks.rulenames.internal;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names in polkit's rules: every string of a script, and the identities of a {@code .pkla}. */
final class PolkitNames {
  private static final Pattern STRING =
      Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*+)\"|'((?:[^'\\\\\\n]|\\\\.)*+)'|`([^`]*+)`");

  private static final String GROUP = "unix-group:";

  private PolkitNames() {}

  static void script(String text, Consumer<String> to) {
    Matcher strings = STRING.matcher(text);
    while (strings.find()) {
      for (int i = 1; i <= strings.groupCount(); i++) {
        if (strings.group(i) != null) {
          to.accept(bare(strings.group(i).replaceAll("\\\\(.)", "$1")));
        }
      }
    }
  }

  static void keyFile(String text, Consumer<String> to) {
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> Arrays.stream(line.split("[=;]", -1)))
        .map(String::strip)
        .filter(part -> part.startsWith(GROUP))
        .forEach(part -> to.accept(bare(part)));
  }

  private static String bare(String name) {
    return name.startsWith(GROUP) ? name.substring(GROUP.length()) : name;
  }
}
