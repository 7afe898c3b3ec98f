package himmelblau.config.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The effective configuration. Keys are those of Configuration Admin; values are Boolean, Integer,
 * Long, String or String[].
 *
 * @param domains by name, the primary domain first
 * @param problems values that are not used, and what is used instead; for the operator
 * @param warnings what is odd but harmless
 * @param origins where each set value comes from, by section and key: {@code global/debug}
 * @param summands the entries that each section adds to a list, by section and key
 */
record EffectiveConfig(
    Map<String, Object> global,
    Map<String, Map<String, Object>> domains,
    Map<String, Object> breakglass,
    List<Path> files,
    List<String> problems,
    List<String> warnings,
    Map<String, String> origins,
    Map<String, List<String>> summands) {

  /** File and line of an option's value in a section, which for a domain may be [global]'s. */
  Optional<String> origin(String section, String option) {
    String key = "/" + Option.key(option);
    return Optional.ofNullable(origins.get(section + key))
        .or(() -> Optional.ofNullable(origins.get(MergedFiles.GLOBAL + key)));
  }
}
