package himmelblau.socket.internal;

import himmelblau.api.admin.CommandDeclaration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arguments of a command for the log. Only what its declaration describes is shown, and of that
 * nothing that can be a secret: whatever else was typed, perhaps in the wrong place, is {@code
 * ***}.
 */
final class LoggedArguments {
  private static final String HIDDEN = "***";
  private static final int LONGEST = 200;

  /** Options and the names of their values that can be secrets. */
  private static final Pattern SECRET =
      Pattern.compile(
          "secret|pass(word|phrase|wd|code)?|\\bpin\\b|token|credential|key",
          Pattern.CASE_INSENSITIVE);

  /** An option in a line of a declaration: names, and perhaps the name of a value. */
  private static final Pattern OPTION =
      Pattern.compile(" +(-\\S+(?: [A-Z]\\S*)?(?:, -\\S+(?: [A-Z]\\S*)?)*)(?:  .*)?");

  /** Words of a usage without brackets; those of options are known already. */
  private static final Set<String> SHOWN = Set.of("USER", "FILE", "SERVICE", "NAME");

  private static final Pattern CHOICES =
      Pattern.compile("\\[([a-z]+(?: FILE)?(?:\\|[a-z]+(?: FILE)?)*)\\]");

  /** Declared options, and whether their values are shown; empty: they have none. */
  private final Map<String, Optional<Boolean>> options = new HashMap<>();

  private final Set<String> choices = new HashSet<>();
  private boolean otherWords;

  private LoggedArguments(CommandDeclaration declared) {
    declared.lines().forEach(this::option);
    Matcher choice = CHOICES.matcher(declared.usage());
    if (choice.lookingAt()) {
      for (String part : choice.group(1).split("\\|")) {
        choices.add(part.split(" ")[0]);
        otherWords |= part.endsWith(" FILE");
      }
    } else {
      String first = declared.usage().split(" ", 2)[0].replaceAll("[\\[\\]]", "");
      otherWords = SHOWN.contains(first);
    }
  }

  private void option(String line) {
    Matcher matcher = OPTION.matcher(line);
    if (!matcher.matches()) {
      return;
    }
    String[] names = matcher.group(1).split(", ");
    boolean value = false;
    boolean secret = false;
    for (String name : names) {
      value |= name.contains(" ");
      secret |= name.contains(" ") && SECRET.matcher(name).find();
    }
    for (String name : names) {
      options.put(name.split(" ")[0], value ? Optional.of(!secret) : Optional.empty());
    }
  }

  static String of(CommandDeclaration declared, List<String> arguments) {
    return new LoggedArguments(declared).shown(arguments);
  }

  private String shown(List<String> arguments) {
    StringJoiner line = new StringJoiner(" ");
    Optional<Boolean> value = Optional.empty(); // whether the next word is the value of an option
    for (String word : arguments) {
      if (value.isPresent()) {
        line.add(value.get() ? cut(word) : HIDDEN);
        value = Optional.empty();
      } else if (word.startsWith("-")) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        Optional<Boolean> known = options.getOrDefault(name, Optional.empty());
        if (!options.containsKey(name)) {
          line.add(HIDDEN);
        } else if (equals >= 0) {
          boolean show = known.orElse(false);
          line.add(name + "=" + (show ? cut(word.substring(equals + 1)) : HIDDEN));
        } else {
          line.add(name);
          value = known;
        }
      } else {
        line.add(choices.contains(word) || otherWords ? cut(word) : HIDDEN);
      }
    }
    return line.toString();
  }

  private static String cut(String word) {
    return word.length() <= LONGEST ? word : word.substring(0, LONGEST) + "\u2026";
  }
}
