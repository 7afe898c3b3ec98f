package himmelblau.config.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a configuration would be that is not in effect.
 *
 * @param files what was read, in order
 * @param errors what keeps the daemon from using it, and values that would not be used
 * @param warnings what is odd but harmless
 */
record Candidate(List<Path> files, List<String> errors, List<String> warnings) {

  /**
   * As if {@code main} were the main file: with the drop-ins of this host and what the daemon
   * wrote. Changes nothing.
   */
  static Candidate of(
      Layers layers, CandidateFile main, Map<String, String> environment, OptionCatalog options) {
    MergedFiles merged;
    try {
      merged = MergedFiles.read(layers, main);
    } catch (ConfigException e) {
      List<String> errors = new ArrayList<>(e.all().toList());
      errors.add("The options were not checked: what cannot be read comes first.");
      return new Candidate(List.of(main.name()), errors, List.of());
    }
    EffectiveConfig effective = Evaluation.unchecked(merged, environment, options);
    List<String> errors = new ArrayList<>();
    try {
      CrossChecks.require(effective);
    } catch (ConfigException e) {
      errors.add(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    errors.addAll(effective.problems());
    return new Candidate(effective.files(), errors, effective.warnings());
  }

  boolean valid() {
    return errors.isEmpty();
  }
}
