package himmelblau.config.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks conditions that involve several options (host-behaviour 1.6). */
final class CrossChecks {
  private CrossChecks() {}

  static void require(EffectiveConfig effective) throws ConfigException {
    Map<String, Object> global = effective.global();
    if (effective.domains().isEmpty()) {
      throw new ConfigException(
          "No domain is configured, so nobody could sign in. Set domain = YOUR.DOMAIN below"
              + " [global] (read: "
              + effective.files()
              + ")."
              + why(effective));
    }
    String idmap = Option.key(IdentityOptions.IDMAP_RANGE);
    String subordinate = String.valueOf(global.get(Option.key(IdentityOptions.SUBID_RANGE)));
    Map<String, String> ranges = new LinkedHashMap<>();
    ranges.put(MergedFiles.GLOBAL, String.valueOf(global.get(idmap)));
    effective
        .domains()
        .forEach((name, values) -> ranges.put(name, String.valueOf(values.get(idmap))));
    for (Map.Entry<String, String> range : ranges.entrySet()) {
      if (overlap(range.getValue(), subordinate)) {
        throw new ConfigException(
            where(effective, range.getKey())
                + "idmap_range = "
                + range.getValue()
                + " of ["
                + range.getKey()
                + "] overlaps subid_range = "
                + subordinate
                + ": the id of a user would be a subordinate id of another user. Change one of them.");
      }
    }
  }

  /** File and line that set one of the ranges, for the beginning of a message. */
  private static String where(EffectiveConfig effective, String section) {
    return effective
        .origin(section, IdentityOptions.IDMAP_RANGE)
        .or(() -> effective.origin(MergedFiles.GLOBAL, IdentityOptions.SUBID_RANGE))
        .map(place -> place + ": ")
        .orElse("");
  }

  /** Usually the option is set in a file, section or spelling that is not read. */
  private static String why(EffectiveConfig effective) {
    return Stream.concat(effective.problems().stream(), effective.warnings().stream())
        .filter(text -> text.contains("domain"))
        .map(text -> "\n" + text)
        .collect(Collectors.joining());
  }

  /** Both ends belong to a range. */
  static boolean overlap(String one, String other) {
    long[] a = ends(one);
    long[] b = ends(other);
    return a[0] <= b[1] && b[0] <= a[1];
  }

  private static long[] ends(String range) {
    int dash = range.indexOf('-');
    return new long[] {
      Long.parseLong(range.substring(0, dash)), Long.parseLong(range.substring(dash + 1))
    };
  }
}
