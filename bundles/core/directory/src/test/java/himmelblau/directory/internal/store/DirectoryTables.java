package himmelblau.directory.internal.store;

import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The tables of this bundle in a file of their own. */
public final class DirectoryTables {
  /** The store's own tables that a migration reads. */
  private static final List<String> OF_THE_STORE =
      List.of(
          "CREATE TABLE IF NOT EXISTS store_inherited_user (upn, uid, gid)",
          "CREATE TABLE IF NOT EXISTS store_inherited_group (object_id, gid)");

  private DirectoryTables() {}

  public static SqliteArea in(Path file) {
    return new SqliteArea(
        file, Stream.concat(OF_THE_STORE.stream(), DirectorySchema.MIGRATIONS.stream()).toList());
  }
}
