package himmelblau.machine.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parses arguments such as {@code --domain example.org --dry-run}. */
final class CommandArguments {
  private static final Set<String> FLAGS = Set.of("--dry-run", "--debug", "-d");
  private static final Set<String> FLAG_OR_NOT = Set.of("--secret", "--cert");

  private final Map<String, String> values;

  private CommandArguments(Map<String, String> values) {
    this.values = values;
  }

  /** The command line makes no sense; the reason is for the user. */
  static final class WrongUsage extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;

    WrongUsage(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }

  static CommandArguments parse(List<String> words) throws WrongUsage {
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
      } else if (!FLAGS.contains(name)) {
        boolean follows = i + 1 < words.size() && !words.get(i + 1).startsWith("--");
        if (follows) {
          value = words.get(++i);
        } else if (!FLAG_OR_NOT.contains(name)) {
          throw new WrongUsage(name + " needs a value");
        }
      }
      if (values.put(name, value) != null) {
        throw new WrongUsage(name + " is given twice");
      }
    }
    return new CommandArguments(Map.copyOf(values));
  }

  /** Refuses all other options. */
  CommandArguments only(String... names) throws WrongUsage {
    for (String name : values.keySet()) {
      if (!Set.of(names).contains(name) && !name.equals("-d") && !name.equals("--debug")) {
        throw new WrongUsage("Unknown option: " + name);
      }
    }
    return this;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  String require(String name) throws WrongUsage {
    String value = values.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new WrongUsage(name + " is missing");
    }
    return value;
  }

  /** A domain, lower case. */
  String domain() throws WrongUsage {
    String domain = require("--domain").toLowerCase(Locale.ROOT);
    if (!domain.matches("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})*") || domain.length() > 253) {
      throw new WrongUsage("Not a domain: " + domain);
    }
    return domain;
  }

  /** An application's id. */
  String clientId() throws WrongUsage {
    String id = require("--client-id");
    if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new WrongUsage("Not an application id: " + id);
    }
    return id;
  }
}
