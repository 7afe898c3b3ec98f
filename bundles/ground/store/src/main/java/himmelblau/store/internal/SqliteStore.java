package himmelblau.store.internal;

import himmelblau.api.store.Area;
import himmelblau.api.store.Query;
import himmelblau.api.store.Store;
import himmelblau.api.store.StoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An open store. Thread-safe. */
final class SqliteStore implements Store, AutoCloseable {
  // Without an underscore, so that no area's prefix is the beginning of another's.
  private static final Pattern AREA = Pattern.compile("[a-z][a-z0-9]{0,31}");

  private final Path file;
  private final StoreSchema schema;
  private final Writer writer;
  private final Readers readers;
  private final DiskReserve reserve;

  private SqliteStore(Path file, StoreSchema schema, Writer writer, DiskReserve reserve) {
    this.reserve = reserve;
    this.file = file;
    this.schema = schema;
    this.writer = writer;
    this.readers = new Readers(file);
  }

  /** As below, with the version that this bundle knows. */
  static SqliteStore open(Path file, HimmelblauState predecessor, DiskReserve reserve) {
    return open(file, predecessor, new StateVersion(file, StateVersion.KNOWN), reserve);
  }

  /**
   * Opens the store, creating it when there is none. Himmelblau's database in its place is moved
   * aside first.
   *
   * @param reserve released when the disk is full
   * @throws StoreException if it cannot be opened or is not ours; it is left as it was
   */
  static SqliteStore open(
      Path file, HimmelblauState predecessor, StateVersion version, DiskReserve reserve) {
    version.check(); // before anything is touched
    version.raise();
    DatabaseFile.prepareFolder(file);
    NativeLibrary.prepare(file.toAbsolutePath().resolveSibling("native"));
    predecessor.setAside();
    DatabaseFile.prepare(file);
    try {
      StoreSchema schema = new StoreSchema(file, version, predecessor);
      Writer writer = new Writer(file);
      boolean good = false;
      try {
        SqliteStore store = new SqliteStore(file, schema, writer, reserve);
        writer.<@Nullable Void>write(
            connection -> {
              store.schema.claim(connection);
              return null;
            });
        writer.useWriteAheadLog();
        version.record();
        good = true;
        return store;
      } finally {
        if (!good) {
          writer.close();
        }
      }
    } catch (SQLException e) {
      throw SqliteFailures.explain(file, e);
    }
  }

  @Override
  public Area area(String name, List<String> migrations) {
    if (!AREA.matcher(name).matches() || name.equals("store") || name.equals("sqlite")) {
      throw new IllegalArgumentException("Not the name of an area: " + name);
    }
    List<String> scripts = List.copyOf(migrations);
    this.<@Nullable Void>write(
        connection -> {
          schema.migrate(connection, name, scripts);
          return null;
        });
    return new OpenArea();
  }

  private <T extends @Nullable Object> T write(Query<T> query) {
    try {
      return writer.write(query);
    } catch (SQLException e) {
      if (SqliteFailures.full(file, e) && reserve.release()) {
        return again(query);
      }
      throw SqliteFailures.explain(file, e);
    }
  }

  /** Retries with the space of the released reserve. The first attempt changed nothing. */
  private <T extends @Nullable Object> T again(Query<T> query) {
    try {
      return writer.write(query);
    } catch (SQLException e) {
      throw SqliteFailures.explain(file, e);
    }
  }

  /** Waits for what is running, then closes the file. */
  @Override
  public void close() {
    try {
      readers.close();
      writer.close(); // last: the last connection folds the WAL into the file
    } catch (SQLException e) {
      throw SqliteFailures.explain(file, e);
    }
  }

  private final class OpenArea implements Area {
    @Override
    public <T extends @Nullable Object> T read(Query<T> query) {
      try {
        return readers.read(query);
      } catch (SQLException e) {
        throw SqliteFailures.explain(file, e);
      }
    }

    @Override
    public <T extends @Nullable Object> T write(Query<T> query) {
      return SqliteStore.this.write(query);
    }
  }
}
