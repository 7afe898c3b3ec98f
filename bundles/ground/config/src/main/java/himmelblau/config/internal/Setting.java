package himmelblau.config.internal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One line of a file.
 *
 * @param section lower case
 * @param key lower case
 * @param value null for a key without delimiter, which means unset
 * @param line from 1
 */
record Setting(String section, String key, @Nullable String value, Path file, int line) {
  String where() {
    return file + ":" + line;
  }
}
