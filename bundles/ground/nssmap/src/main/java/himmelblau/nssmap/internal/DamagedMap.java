package himmelblau.nssmap.internal;

import java.io.IOException;

/** The file is damaged: its content is not what was written. */
final class DamagedMap extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedMap(String message) {
    super(message);
  }
}
