package himmelblau.config.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Prints the effective configuration as lines of himmelblau.conf, with the origin of each value.
 */
final class ConfigDump {
  private ConfigDump() {}

  static List<String> lines(EffectiveConfig effective) {
    return lines(effective, List.of());
  }

  /**
   * The same with further errors.
   *
   * @param found what use has shown about values, with their origins
   */
  static List<String> lines(EffectiveConfig effective, List<String> found) {
    List<String> lines = new ArrayList<>();
    effective.files().forEach(file -> lines.add("# read: " + file));
    effective.warnings().forEach(warning -> lines.add("# warning: " + warning));
    effective.problems().forEach(problem -> lines.add("# error: " + problem));
    found.forEach(problem -> lines.add("# error: " + problem));
    section(lines, MergedFiles.GLOBAL, effective.global(), Map.of(), effective);
    section(lines, MergedFiles.BREAKGLASS, effective.breakglass(), Map.of(), effective);
    effective
        .domains()
        .forEach((name, values) -> section(lines, name, values, effective.global(), effective));
    return lines;
  }

  /** A value as it would stand in a file. */
  static String text(Object value) {
    return value instanceof String[] items ? String.join(",", items) : String.valueOf(value);
  }

  private static void section(
      List<String> lines,
      String section,
      Map<String, Object> values,
      Map<String, Object> inherited,
      EffectiveConfig effective) {
    lines.add("");
    lines.add("[" + section + "]");
    values.forEach(
        (key, value) -> {
          if (key.equals("set.options") || Objects.deepEquals(value, inherited.get(key))) {
            return;
          }
          String origin = effective.origins().get(section + "/" + key);
          lines.add(
              key.replace('.', '_')
                  + " = "
                  + text(value)
                  + (origin == null ? "" : "    # " + origin));
        });
  }
}
