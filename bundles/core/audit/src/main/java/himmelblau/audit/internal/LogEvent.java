package himmelblau.audit.internal;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the log: {@code time level source event key=value key="two words"}.
 *
 * @param level error, warn, info or debug
 * @param source the bundle that logged it
 * @param fields in the order of the line; what the line escapes stays escaped
 */
record LogEvent(
    Instant time, String level, String source, String name, Map<String, String> fields) {

  /** The value of a field; empty also for "-" and an empty value, which mean that there is none. */
  Optional<String> field(String key) {
    return Optional.ofNullable(fields.get(key))
        .filter(value -> !value.isEmpty() && !value.equals("-"));
  }
}
