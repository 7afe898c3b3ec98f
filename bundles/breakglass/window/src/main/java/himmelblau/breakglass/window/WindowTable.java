package himmelblau.breakglass.window;

import himmelblau.api.store.Area;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of the open window, if there is one. Thread-safe. */
public final class WindowTable {
  private final Area area;
  private final String table;

  /**
   * @param area in which {@link #migration} has run
   * @param name of the area
   */
  public WindowTable(Area area, String name) {
    this.area = area;
    this.table = table(name);
  }

  /** The migration of an area of that name: it makes the table. */
  public static String migration(String name) {
    return """
        CREATE TABLE %s (
          id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL,
          ends INTEGER NOT NULL, outage INTEGER NOT NULL);
        """
        .formatted(table(name));
  }

  private static String table(String name) {
    return name + "_window";
  }

  /**
   * @param boot {@link BootClock#boot}
   * @param ends {@link BootClock#now} at its end
   * @param outage whether there was an outage since it was opened
   */
  record Window(String boot, Duration ends, boolean outage) {}

  Optional<Window> read() {
    return area.read(
        c -> {
          try (PreparedStatement s = c.prepareStatement("SELECT boot, ends, outage FROM " + table);
              ResultSet row = s.executeQuery()) {
            return row.next()
                ? Optional.of(
                    new Window(
                        row.getString(1), Duration.ofMillis(row.getLong(2)), row.getBoolean(3)))
                : Optional.empty();
          }
        });
  }

  void write(Window window) {
    area.<@Nullable Void>write(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("INSERT OR REPLACE INTO " + table + " VALUES (1, ?, ?, ?)")) {
            s.setString(1, window.boot());
            s.setLong(2, window.ends().toMillis());
            s.setBoolean(3, window.outage());
            s.executeUpdate();
          }
          return null;
        });
  }

  void delete() {
    area.<@Nullable Void>write(
        c -> {
          try (PreparedStatement s = c.prepareStatement("DELETE FROM " + table)) {
            s.executeUpdate();
          }
          return null;
        });
  }
}
