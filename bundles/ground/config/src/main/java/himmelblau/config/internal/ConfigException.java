package himmelblau.config.internal;

import java.nio.file.Path;

/** The configuration as a whole is not valid. The message says where, why and what to do. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }

  static ConfigException at(Path file, int line, String what) {
    return new ConfigException(file + ":" + line + ": " + what);
  }
}
