package himmelblau.config.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads the configuration files and computes the effective configuration. */
final class ConfigReader {
  private final Layers layers;
  private final Map<String, String> environment;
  private final Supplier<OptionCatalog> options;

  ConfigReader(Layers layers, Map<String, String> environment, Supplier<OptionCatalog> options) {
    this.layers = layers;
    this.environment = environment;
    this.options = options;
  }

  static ConfigReader of(Optional<Path> explicit, Supplier<OptionCatalog> options) {
    return new ConfigReader(Layers.of(explicit), System.getenv(), options);
  }

  Layers layers() {
    return layers;
  }

  /** What {@code main} would mean as the main file; reads the other files again. */
  Candidate check(CandidateFile main) {
    return Candidate.of(layers, main, environment, options.get());
  }

  /** Reads all files again, and what the bundles declare. */
  EffectiveConfig read() throws ConfigException {
    return Evaluation.of(MergedFiles.read(layers), environment, options.get());
  }
}
