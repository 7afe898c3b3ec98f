package himmelblau.directory.internal.command;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options of a command: {@code --name VALUE}, {@code --name=VALUE}, {@code -n VALUE}, flags. */
final class CommandOptions {
  private final Map<String, String> values = new HashMap<>();
  private final Set<String> flags = new HashSet<>();
  private boolean clean = true;

  private CommandOptions() {}

  /**
   * @param known {@code --long=-s} takes a value ({@code --long=} without a short form), {@code
   *     --long} is a flag
   */
  static CommandOptions of(List<String> arguments, String... known) {
    CommandOptions options = new CommandOptions();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      int equals = word.indexOf('=');
      String name = equals > 0 ? word.substring(0, equals) : word;
      Optional<String> option = find(name, known);
      if (option.isEmpty()) {
        options.clean = false;
      } else if (option.get().indexOf('=') < 0) {
        options.clean &= equals < 0 && options.flags.add(option.get());
      } else {
        String key = option.get().substring(0, option.get().indexOf('='));
        boolean given = equals > 0 || i + 1 < arguments.size();
        String value = equals > 0 ? word.substring(equals + 1) : given ? arguments.get(++i) : "";
        options.clean &= given && options.values.put(key, value) == null;
      }
    }
    return options;
  }

  private static Optional<String> find(String name, String... known) {
    for (String option : known) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      boolean isShort =
          equals > 0 && equals < option.length() - 1 && option.substring(equals + 1).equals(name);
      if (key.equals(name) || isShort) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  /** Whether every argument was recognised. */
  boolean clean() {
    return clean;
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Optional<Long> number(String name) {
    return value(name).filter(text -> text.matches("\\d{1,10}")).map(Long::valueOf);
  }

  boolean flag(String name) {
    return flags.contains(name);
  }
}
