package himmelblau.launcher;

import java.util.Map;
import java.util.Optional;

/**
 * The command line of {@code himmelblaud} (host-behaviour 1.1) and its environment.
 *
 * @param config explicit configuration file
 * @param debug log at debug level
 * @param configTest print the effective configuration and end
 * @param skipRootCheck run although the user is root
 */
record LaunchOptions(
    Optional<String> config, boolean debug, boolean configTest, boolean skipRootCheck) {

  static final String USAGE =
      """
      Usage: himmelblaud [OPTIONS]
        -c, --config FILE       read FILE and FILE.d instead of the usual places (HIMMELBLAU_CONFIG)
        -d, --debug             log more (HIMMELBLAU_DEBUG)
        -t, --configtest        print the effective configuration and end
        -r, --skip-root-check   run even as root; for tests (HIMMELBLAU_SKIP_ROOT_CHECK)
        -V, --version           print the version and end
        -h, --help              print this and end
      """;

  /** Thrown for a command line that makes no sense. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  static LaunchOptions parse(String[] words, Map<String, String> environment) throws Unusable {
    Optional<String> config = Optional.ofNullable(environment.get("HIMMELBLAU_CONFIG"));
    boolean debug = truth(environment.get("HIMMELBLAU_DEBUG"));
    boolean skip = truth(environment.get("HIMMELBLAU_SKIP_ROOT_CHECK"));
    boolean test = false;
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      switch (word) {
        case "-d", "--debug" -> debug = true;
        case "-t", "--configtest" -> test = true;
        case "-r", "--skip-root-check" -> skip = true;
        case "-c", "--config" -> {
          if (++i == words.length) {
            throw new Unusable(word + " needs the path of a configuration file");
          }
          config = Optional.of(words[i]);
        }
        default -> {
          if (!word.startsWith("--config=")) {
            throw new Unusable("Unknown option " + word);
          }
          config = Optional.of(word.substring("--config=".length()));
        }
      }
    }
    return new LaunchOptions(config, debug, test, skip);
  }

  private static boolean truth(@org.jspecify.annotations.Nullable String value) {
    return value != null && !value.isEmpty() && !value.equals("0") && !value.equals("false");
  }
}
