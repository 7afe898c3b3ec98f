package himmelblau.api.store;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** The tables of one bundle. Thread-safe. */
@ProviderType
public interface Area {
  /** Reads in a snapshot. Readers never wait for the writer. */
  <T extends @Nullable Object> T read(Query<T> query);

  /**
   * Writes in one transaction, which is on the disk when this returns; an exception from {@code
   * query} rolls it back.
   */
  <T extends @Nullable Object> T write(Query<T> query);
}
