package himmelblau.config.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads the configuration files and computes the effective configuration. */
final class ConfigReader {
  private final Layers layers;
  private final Map<String, String> environment;

  ConfigReader(Layers layers, Map<String, String> environment) {
    this.layers = layers;
    this.environment = environment;
  }

  static ConfigReader of(Optional<Path> explicit) {
    return new ConfigReader(Layers.of(explicit), System.getenv());
  }

  Layers layers() {
    return layers;
  }

  /** Reads all files again. */
  EffectiveConfig read() throws ConfigException {
    return Evaluation.of(MergedFiles.read(layers), environment);
  }
}
