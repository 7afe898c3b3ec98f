package himmelblau.hello.internal;

import himmelblau.api.hello.PinOrigin;
import himmelblau.api.store.Area;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Counts of wrong attempts. Each method is one transaction. */
final class AttemptTable {
  private final Area area;

  AttemptTable(Area area) {
    this.area = area;
  }

  static final String MIGRATION =
      """
      ALTER TABLE hello_count ADD COLUMN pins_remote INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE hello_count ADD COLUMN codes_remote INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE hello_count ADD COLUMN pins_other INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE hello_count ADD COLUMN codes_other INTEGER NOT NULL DEFAULT 0;
      """;
  static final String MIGRATION_OTHER_MODULE =
      """
      ALTER TABLE hello_count ADD COLUMN pins_module INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE hello_count ADD COLUMN codes_module INTEGER NOT NULL DEFAULT 0;
      """;

  /** The kind of a wrong attempt. */
  enum What {
    PIN("pins"),
    CODE("codes");

    private final String column;

    What(String column) {
      this.column = column;
    }
  }

  /** What was tried, and its origin. */
  record Attempt(What what, PinOrigin from) {
    private String column() {
      return switch (from) {
        case OWN -> what.column;
        case REMOTE -> what.column + "_remote";
        case OTHER_USER -> what.column + "_other";
        case OTHER_MODULE -> what.column + "_module";
      };
    }
  }

  int attempts(UUID owner, Attempt kind) {
    return area.read(c -> (int) number(c, "SELECT " + kind.column() + " FROM hello_count", owner));
  }

  /** Forgets what others did. */
  void clearOthers(UUID owner) {
    area.<@Nullable Void>write(
        c -> {
          HelloTable.run(c, CLEAR_OTHERS, owner);
          return null;
        });
  }

  static final String CLEAR_OTHERS =
      "UPDATE hello_count SET pins_remote = 0, codes_remote = 0, pins_other = 0, codes_other = 0,"
          + " pins_module = 0, codes_module = 0 WHERE object_id = ?";

  /**
   * Counts an attempt that is about to be made.
   *
   * @return attempts so far with this one; 0 if {@code limit} was reached before and no further one
   *     may be made
   */
  int count(UUID owner, Attempt kind, int limit) {
    return area.write(
        c -> {
          HelloTable.run(c, "INSERT OR IGNORE INTO hello_count (object_id) VALUES (?)", owner);
          int before = (int) number(c, "SELECT " + kind.column() + " FROM hello_count", owner);
          if (before >= limit) {
            return 0;
          }
          HelloTable.run(c, step(kind, "+ 1"), owner);
          return before + 1;
        });
  }

  /** Undoes one {@link #count}: the attempt could not be made. */
  void takeBack(UUID owner, Attempt kind) {
    area.<@Nullable Void>write(
        c -> {
          HelloTable.run(c, step(kind, "- 1") + " AND " + kind.column() + " > 0", owner);
          return null;
        });
  }

  private static String step(Attempt kind, String change) {
    return "UPDATE hello_count SET %1$s = %1$s %2$s WHERE object_id = ?"
        .formatted(kind.column(), change);
  }

  /** The attempt was right. */
  void clear(UUID owner, Attempt kind) {
    area.<@Nullable Void>write(
        c -> {
          HelloTable.run(
              c, "UPDATE hello_count SET " + kind.column() + " = 0 WHERE object_id = ?", owner);
          return null;
        });
  }

  /**
   * Remembers that the code of a time step was used.
   *
   * @param newest step that the clock allows now: one beyond it was used while the clock was ahead,
   *     and does not affect earlier ones
   * @return false if this step or a later one was used before
   */
  boolean useStep(UUID owner, long step, long newest) {
    return area.write(
        c -> {
          HelloTable.run(c, "INSERT OR IGNORE INTO hello_count (object_id) VALUES (?)", owner);
          long last = number(c, "SELECT code_step FROM hello_count", owner);
          if (step <= last && last <= newest) {
            return false;
          }
          if (!change(
              c, "INSERT OR IGNORE INTO hello_code (step, object_id) VALUES (?, ?)", step, owner)) {
            return false;
          }
          return change(c, "UPDATE hello_count SET code_step = ? WHERE object_id = ?", step, owner);
        });
  }

  private static boolean change(Connection c, String sql, long step, UUID owner)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      s.setLong(1, step);
      s.setString(2, owner.toString());
      return s.executeUpdate() == 1;
    }
  }

  private static long number(Connection c, String select, UUID owner) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(select + " WHERE object_id = ?")) {
      s.setString(1, owner.toString());
      try (ResultSet row = s.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}
