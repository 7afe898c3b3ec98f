package himmelblau.breakglass.manual.internal;

import himmelblau.api.store.Area;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of the open window, if there is one. */
final class WindowTable {
  static final String AREA = "breakglass";
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE breakglass_window (
            id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL,
            ends INTEGER NOT NULL, outage INTEGER NOT NULL);
          """);

  private final Area area;

  WindowTable(Area area) {
    this.area = area;
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
          try (PreparedStatement s =
                  c.prepareStatement("SELECT boot, ends, outage FROM breakglass_window");
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
              c.prepareStatement("INSERT OR REPLACE INTO breakglass_window VALUES (1, ?, ?, ?)")) {
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
          try (PreparedStatement s = c.prepareStatement("DELETE FROM breakglass_window")) {
            s.executeUpdate();
          }
          return null;
        });
  }
}
