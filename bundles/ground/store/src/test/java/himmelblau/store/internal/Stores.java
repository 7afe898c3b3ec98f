package himmelblau.store.internal;

import java.nio.file.Path;

/** Opens stores on hosts without Himmelblau. */
final class Stores {
  static final Path NOWHERE = Path.of("/nonexistent/idmap.cache.db");

  private Stores() {}

  static SqliteStore open(Path file) {
    return open(file, none(file));
  }

  static SqliteStore open(Path file, int version) {
    return SqliteStore.open(
        file, new HimmelblauState(file, NOWHERE), new StateVersion(file, version), none(file));
  }

  static SqliteStore open(Path file, DiskReserve reserve) {
    return SqliteStore.open(file, new HimmelblauState(file, NOWHERE), reserve);
  }

  private static DiskReserve none(Path file) {
    return new DiskReserve(file.resolveSibling("reserve"), 0);
  }
}
