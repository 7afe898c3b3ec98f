package himmelblau.nssmap.internal;

import java.io.IOException;

/** The file is not what its writer wrote. */
final class DamagedMap extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedMap(String message) {
    super(message);
  }
}
