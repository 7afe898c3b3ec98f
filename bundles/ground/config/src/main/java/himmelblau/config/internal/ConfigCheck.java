package himmelblau.config.internal;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code himmelblaud --configtest}: prints the effective configuration. */
public final class ConfigCheck {
  private ConfigCheck() {}

  /**
   * Without a framework, and so with the options of the core only. Takes an explicit file, or
   * nothing for the usual places. Ends the process: 0 good, 1 bad.
   */
  public static void main(String[] words) {
    Optional<Path> explicit = words.length == 0 ? Optional.empty() : Optional.of(Path.of(words[0]));
    System.exit(run(ConfigReader.of(explicit, () -> OptionCatalog.of(List.of())), System.err));
  }

  static int run(ConfigReader reader, PrintStream out) {
    try {
      EffectiveConfig effective = reader.read();
      ConfigDump.lines(effective).forEach(out::println);
      return overlaps(effective, out) ? 1 : 0;
    } catch (ConfigException e) {
      out.println("himmelblaud: the configuration is not valid. " + e.getMessage());
      return 1;
    } finally {
      out.flush();
    }
  }

  /** The daemon would start with them, for the users of the other domains. */
  private static boolean overlaps(EffectiveConfig effective, PrintStream out) {
    List<RangeOverlap> found = RangeOverlap.in(effective);
    found.forEach(
        overlap ->
            out.println("himmelblaud: the configuration is not valid. " + overlap.sentence()));
    return !found.isEmpty();
  }
}
