package himmelblau.shell.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A command line for the log. Names are shown when they are those of commands; arguments only after
 * commands that take names of bundles and the like. Everything else, which can be a secret wherever
 * it stands, is {@code ***}. What aad-tool's own commands were given, they log themselves.
 */
final class LoggedLine {
  private static final String HIDDEN = "***";
  private static final int LONGEST = 2000;

  /** Their commands take bundles, components and files. */
  private static final Set<String> PLAIN_SCOPES =
      Set.of("felix", "scr", "himmelblau", "mfa", "hsm", "domain", "breakglass");

  /** Without quotes, variables, assignments, blocks and the like. */
  private static final Pattern SIMPLE = Pattern.compile("[A-Za-z0-9_:./*|; \\t,+~-]*");

  /** In an address, what stands before it is a name and perhaps a password. */
  private static final Pattern ADDRESS = Pattern.compile(".*://.*");

  private final Set<String> known;

  /**
   * @param known all commands, as {@code scope:name}
   */
  LoggedLine(Set<String> known) {
    this.known = known;
  }

  String of(String line) {
    if (!SIMPLE.matcher(line).matches()) {
      String[] words = line.strip().split("\\s+", 2);
      return name(words[0]) + " " + HIDDEN;
    }
    List<String> parts = new ArrayList<>();
    for (String statement : line.strip().split("[|;]")) {
      if (!statement.isBlank()) {
        parts.add(statement(statement.strip().split("\\s+")));
      }
    }
    String shown = String.join("; ", parts);
    return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "\u2026";
  }

  private String statement(String[] words) {
    String name = name(words[0]);
    if (words.length == 1) {
      return name;
    }
    if (!plain(words[0])) {
      return name + " " + HIDDEN;
    }
    return Arrays.stream(words)
        .map(word -> ADDRESS.matcher(word).matches() ? HIDDEN : word)
        .collect(Collectors.joining(" "));
  }

  private String name(String word) {
    return commands(word).isEmpty() ? HIDDEN : word;
  }

  private boolean plain(String word) {
    List<String> found = commands(word);
    return !found.isEmpty()
        && found.stream()
            .allMatch(each -> PLAIN_SCOPES.contains(each.substring(0, each.indexOf(':'))));
  }

  private List<String> commands(String word) {
    String name = word.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(each -> each.equals(name) || (each.endsWith(":" + name) && !name.contains(":")))
        .toList();
  }
}
