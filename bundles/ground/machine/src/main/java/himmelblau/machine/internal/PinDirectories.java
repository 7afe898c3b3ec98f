package himmelblau.machine.internal;

import java.nio.file.Path;
import java.util.List;

/** Where the hsm-pin file may be. A class of its own, so that a test can start a jar without it. */
final class PinDirectories {
  static final List<Path> ALLOWED =
      List.of(
          Path.of("/var/lib/himmelblaud"),
          Path.of("/var/lib/private/himmelblaud"),
          Path.of("/run/credentials/himmelblaud.service"));

  private PinDirectories() {}
}
