package himmelblau.api.store;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One SQLite file (WAL, one writer, crash-safe). Each bundle opens its own area: its tables, its
 * migrations. Thread-safe.
 */
@ProviderType
public interface Store {
  /**
   * Opens an area and brings its schema up to date, in one transaction: all migrations or none.
   *
   * @param name prefix of the area's tables: every table is called {@code <name>_…}
   * @param migrations SQL scripts in order; the area's version is how many have run. Never change
   *     one that was released, only append
   * @throws StoreException if the file's version is newer than {@code migrations} (a downgrade), or
   *     a script fails; nothing is changed then
   */
  Area area(String name, List<String> migrations);
}
