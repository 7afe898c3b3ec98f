package himmelblau.login.internal.offline;

import himmelblau.api.store.Area;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts of consecutive wrong attempts on each cached password. Each method is one transaction. */
final class PasswordAttemptTable {
  static final String MIGRATION =
      """
      CREATE TABLE login_guess (object_id TEXT PRIMARY KEY, wrong INTEGER NOT NULL);
      """;

  private final Area area;

  PasswordAttemptTable(Area area) {
    this.area = area;
  }

  int wrong(UUID user) {
    return area.read(c -> wrong(c, user));
  }

  /**
   * Counts an attempt that is about to be made.
   *
   * @return attempts including this one; 0 if {@code limit} was reached before and none may be made
   */
  int count(UUID user, int limit) {
    return area.write(
        c -> {
          int before = wrong(c, user);
          if (before >= limit) {
            return 0;
          }
          run(c, "INSERT OR IGNORE INTO login_guess VALUES (?, 0)", user);
          run(c, "UPDATE login_guess SET wrong = wrong + 1 WHERE object_id = ?", user);
          return before + 1;
        });
  }

  /** Undoes one {@link #count}: the attempt could not be made. */
  void takeBack(UUID user) {
    area.<@Nullable Void>write(
        c -> {
          run(
              c,
              "UPDATE login_guess SET wrong = wrong - 1 WHERE object_id = ? AND wrong > 0",
              user);
          return null;
        });
  }

  void clear(UUID user) {
    area.<@Nullable Void>write(
        c -> {
          clear(c, user);
          return null;
        });
  }

  /** As a part of another transaction. */
  static void clear(Connection c, UUID user) throws SQLException {
    run(c, "DELETE FROM login_guess WHERE object_id = ?", user);
  }

  private static int wrong(Connection c, UUID user) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("SELECT wrong FROM login_guess WHERE object_id = ?")) {
      s.setString(1, user.toString());
      try (ResultSet row = s.executeQuery()) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }

  private static void run(Connection c, String sql, UUID user) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      s.setString(1, user.toString());
      s.executeUpdate();
    }
  }
}
