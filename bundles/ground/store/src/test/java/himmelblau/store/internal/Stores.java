package himmelblau.store.internal;

import java.nio.file.Path;

/** Opens stores on hosts without Himmelblau. */
final class Stores {
  static final Path NOWHERE = Path.of("/nonexistent/idmap.cache.db");

  private Stores() {}

  static SqliteStore open(Path file) {
    return SqliteStore.open(file, new Predecessor(file, NOWHERE));
  }

  static SqliteStore open(Path file, int version) {
    return SqliteStore.open(file, new Predecessor(file, NOWHERE), new StateVersion(file, version));
  }
}
