package himmelblau.api.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Arguments of a command, such as {@code --domain example.org --dry-run}: options only, each at
 * most once, with the value behind a blank or {@code =}. Immutable.
 */
public final class CommandArguments {
  private static final Set<String> COMMON = Set.of("--debug", "-d");

  private final Map<String, String> values;

  private CommandArguments(Map<String, String> values) {
    this.values = values;
  }

  /** The command line makes no sense; the reason is for the user. */
  public static final class WrongUsage extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;

    public WrongUsage(String reason) {
      super(reason);
      this.reason = reason;
    }

    public String reason() {
      return reason;
    }
  }

  /** Parses the words of a command line whose options all have values. */
  public static CommandArguments parse(List<String> words) throws WrongUsage {
    return parse(words, Set.of(), Set.of());
  }

  /**
   * Parses the words of a command line.
   *
   * @param flags options without value
   * @param flagOrValue options whose value may be left out
   */
  public static CommandArguments parse(
      List<String> words, Set<String> flags, Set<String> flagOrValue) throws WrongUsage {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      String name = equals > 0 ? word.substring(0, equals) : word;
      if (!name.startsWith("-")) {
        throw new WrongUsage("Unexpected word: " + word);
      }
      String value = "";
      if (equals > 0) {
        value = word.substring(equals + 1);
      } else if (!flags.contains(name) && !COMMON.contains(name)) {
        boolean follows = i + 1 < words.size() && !words.get(i + 1).startsWith("--");
        if (follows) {
          value = words.get(++i);
        } else if (!flagOrValue.contains(name)) {
          throw new WrongUsage(name + " needs a value");
        }
      }
      if (values.put(name, value) != null) {
        throw new WrongUsage(name + " is given twice");
      }
    }
    return new CommandArguments(Map.copyOf(values));
  }

  /** Refuses all other options, but those that every command has. */
  public CommandArguments only(String... names) throws WrongUsage {
    for (String name : values.keySet()) {
      if (!Set.of(names).contains(name) && !COMMON.contains(name)) {
        throw new WrongUsage("Unknown option: " + name);
      }
    }
    return this;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The value of an option that must be there and not be blank. */
  public String require(String name) throws WrongUsage {
    String value = values.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new WrongUsage(name + " is missing");
    }
    return value;
  }
}
