package himmelblau.machine.internal;

import java.nio.file.Path;
import java.util.List;

/**
 * Replaces the class of this name in the copy of the bundle that these tests start: the hsm-pin
 * file may be in their temporary directory. No option of the daemon can do that.
 */
final class PinDirectories {
  static final List<Path> ALLOWED = List.of(Path.of(System.getProperty("java.io.tmpdir")));

  private PinDirectories() {}
}
