package himmelblau.breakglass.dualcontrol.internal;

import himmelblau.api.store.Area;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of the request that waits for a second administrator, if there is one. */
final class RequestTable {
  static final String MIGRATION =
      """
      CREATE TABLE dualcontrol_request (
        id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL,
        ends INTEGER NOT NULL, admin INTEGER NOT NULL, length INTEGER NOT NULL);
      """;

  private final Area area;

  RequestTable(Area area) {
    this.area = area;
  }

  /**
   * A request.
   *
   * @param boot identifies the boot in which it was made
   * @param ends when it is void, since the boot
   * @param admin login uid of the administrator
   * @param length how long breakglass shall be active
   */
  record Request(String boot, Duration ends, long admin, Duration length) {}

  Optional<Request> read() {
    return area.read(
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement("SELECT boot, ends, admin, length FROM dualcontrol_request");
              ResultSet row = s.executeQuery()) {
            return row.next()
                ? Optional.of(
                    new Request(
                        row.getString(1),
                        Duration.ofMillis(row.getLong(2)),
                        row.getLong(3),
                        Duration.ofSeconds(row.getLong(4))))
                : Optional.empty();
          }
        });
  }

  void write(Request request) {
    area.<@Nullable Void>write(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT OR REPLACE INTO dualcontrol_request VALUES (1, ?, ?, ?, ?)")) {
            s.setString(1, request.boot());
            s.setLong(2, request.ends().toMillis());
            s.setLong(3, request.admin());
            s.setLong(4, request.length().toSeconds());
            s.executeUpdate();
          }
          return null;
        });
  }

  void delete() {
    area.<@Nullable Void>write(
        c -> {
          try (PreparedStatement s = c.prepareStatement("DELETE FROM dualcontrol_request")) {
            s.executeUpdate();
          }
          return null;
        });
  }
}
