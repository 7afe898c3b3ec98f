package himmelblau.login.internal.offline;

import himmelblau.api.store.Area;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table behind {@link Verifiers}. */
public final class VerifierTable {
  public static final String AREA = "login";
  public static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE login_verifier (
            object_id TEXT PRIMARY KEY, multi_factor INTEGER NOT NULL,
            recipe BLOB NOT NULL, mac BLOB NOT NULL);
          """,
          PasswordAttemptTable.MIGRATION,
          HostClock.MIGRATION,
          DisabledAccounts.MIGRATION);

  private final Area area;

  public VerifierTable(Area area) {
    this.area = area;
  }

  /**
   * One user's verifier.
   *
   * @param mac empty if none is kept
   */
  record Row(UUID user, boolean multiFactor, byte[] recipe, byte[] mac) {}

  Optional<Row> find(UUID user) {
    return area.read(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT multi_factor, recipe, mac FROM login_verifier WHERE object_id = ?")) {
            s.setString(1, user.toString());
            try (ResultSet row = s.executeQuery()) {
              return row.next()
                  ? Optional.of(new Row(user, row.getBoolean(1), bytes(row, 2), bytes(row, 3)))
                  : Optional.empty();
            }
          }
        });
  }

  private static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte[] value = row.getBytes(column); // some drivers read an empty blob as null
    return row.wasNull() ? new byte[0] : value;
  }

  PasswordAttemptTable passwordAttempts() {
    return new PasswordAttemptTable(area);
  }

  /** Keeps a password that has just been proven: the wrong guesses of the old one are over. */
  void keepFresh(Row row) {
    area.<@Nullable Void>write(
        c -> {
          keep(c, row);
          PasswordAttemptTable.clear(c, row.user());
          return null;
        });
  }

  void keep(Row row) {
    area.<@Nullable Void>write(
        c -> {
          keep(c, row);
          return null;
        });
  }

  private static void keep(Connection c, Row row) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("INSERT OR REPLACE INTO login_verifier VALUES (?, ?, ?, ?)")) {
      s.setString(1, row.user().toString());
      s.setBoolean(2, row.multiFactor());
      s.setBytes(3, row.recipe());
      s.setBytes(4, row.mac());
      s.executeUpdate();
    }
  }

  /**
   * Deletes recipe and mac of all but {@code spared}, in one transaction. Returns of how many there
   * was one.
   */
  int empty(Set<UUID> spared) {
    return area.write(
        c -> {
          try (PreparedStatement all = c.prepareStatement("SELECT object_id FROM login_verifier");
              ResultSet row = all.executeQuery();
              PreparedStatement s =
                  c.prepareStatement(
                      "UPDATE login_verifier SET recipe = x'', mac = x''"
                          + " WHERE object_id = ? AND length(mac) > 0")) {
            while (row.next()) {
              if (!spared.contains(UUID.fromString(row.getString(1)))) {
                s.setString(1, row.getString(1));
                s.addBatch();
              }
            }
            return Arrays.stream(s.executeBatch()).sum();
          }
        });
  }

  /**
   * Deletes recipe and mac of the users who have proven a second factor.
   *
   * @return how many
   */
  int emptyMultiFactor() {
    return area.write(
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE login_verifier SET recipe = x'', mac = x''"
                      + " WHERE multi_factor = 1 AND length(mac) > 0")) {
            return s.executeUpdate();
          }
        });
  }

  void forgetAll() {
    area.<@Nullable Void>write(
        c -> {
          try (PreparedStatement s = c.prepareStatement("DELETE FROM login_verifier")) {
            s.executeUpdate();
          }
          return null;
        });
  }
}
