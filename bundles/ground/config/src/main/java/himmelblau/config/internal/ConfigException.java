package himmelblau.config.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The configuration as a whole is not valid. The message says where, why and what to do. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<ConfigException> others;

  ConfigException(String message) {
    this(message, List.of());
  }

  private ConfigException(String message, List<ConfigException> others) {
    super(message);
    this.others = others;
  }

  static ConfigException at(Path file, int line, String what) {
    return new ConfigException(file + ":" + line + ": " + what);
  }

  /** The first of several errors, which knows the others. */
  static ConfigException of(List<ConfigException> errors) {
    return new ConfigException(
        String.valueOf(errors.getFirst().getMessage()), errors.subList(1, errors.size()));
  }

  /** This error and what else is wrong with the same file. */
  Stream<String> all() {
    return Stream.concat(Stream.of(this), others.stream())
        .map(error -> String.valueOf(error.getMessage()));
  }
}
