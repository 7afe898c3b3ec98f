package himmelblau.config.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** From files to the configuration that counts. */
final class Reader {
  private final Layers layers;
  private final Map<String, String> environment;

  Reader(Layers layers, Map<String, String> environment) {
    this.layers = layers;
    this.environment = environment;
  }

  static Reader of(Optional<Path> explicit) {
    return new Reader(Layers.of(explicit), System.getenv());
  }

  Layers layers() {
    return layers;
  }

  /** Reads all anew. */
  Effective read() throws ConfigException {
    return Evaluation.of(Merged.read(layers), environment);
  }
}
