package himmelblau.directory.internal.store;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.PosixAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of users. Each method uses a connection of its caller's transaction. */
public final class UserTable {
  private static final String COLUMNS =
      "id, upn, object_id, tenant_id, display_name, uid, gid, basis,"
          + " uid_number, gid_number, home, shell, gecos, refreshed";
  private static final String SELECT = "SELECT " + COLUMNS + " FROM directory_people ";

  private UserTable() {}

  public static Optional<StoredUser> byName(Connection c, AccountName name) throws SQLException {
    return Sql.first(c, SELECT + "WHERE upn = ?", UserTable::read, name.upn());
  }

  public static Optional<StoredUser> byObjectId(Connection c, UUID objectId) throws SQLException {
    return Sql.first(c, SELECT + "WHERE object_id = ?", UserTable::read, objectId.toString());
  }

  public static Optional<StoredUser> byUid(Connection c, long uid) throws SQLException {
    return Sql.first(c, SELECT + "WHERE uid = ?", UserTable::read, uid);
  }

  public static void each(Connection c, Sql.Sink<StoredUser> sink) throws SQLException {
    Sql.each(c, SELECT + "ORDER BY id", UserTable::read, sink);
  }

  /**
   * Those that were refreshed longest ago, before a time, or later than {@code now}: the clock was
   * set back.
   */
  public static List<StoredUser> stale(Connection c, Instant before, Instant now, int most)
      throws SQLException {
    return Sql.list(
        c,
        SELECT + "WHERE refreshed < ? OR refreshed > ? ORDER BY refreshed LIMIT ?",
        UserTable::read,
        before.getEpochSecond(),
        now.getEpochSecond(),
        most);
  }

  /** Members of a group, as far as they are known here. */
  public static List<StoredUser> members(Connection c, UUID group) throws SQLException {
    return Sql.list(
        c,
        SELECT
            + "WHERE id IN (SELECT person FROM directory_memberships WHERE object_id = ?)"
            + " ORDER BY id",
        UserTable::read,
        group.toString());
  }

  /** Inserts (row 0) or updates; returns it with its row. */
  public static StoredUser write(Connection c, StoredUser p) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO directory_people ("
            + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET upn = excluded.upn, object_id = excluded.object_id,"
            + " tenant_id = excluded.tenant_id, display_name = excluded.display_name,"
            + " uid = excluded.uid, gid = excluded.gid, basis = excluded.basis,"
            + " uid_number = excluded.uid_number, gid_number = excluded.gid_number,"
            + " home = excluded.home, shell = excluded.shell, gecos = excluded.gecos,"
            + " refreshed = excluded.refreshed",
        p.id() == 0 ? null : p.id(),
        p.name().upn(),
        p.objectId().map(UUID::toString).orElse(null),
        p.tenantId().orElse(null),
        p.displayName(),
        p.uid(),
        p.gid(),
        p.basis(),
        orNull(p.posix().uidNumber()),
        orNull(p.posix().gidNumber()),
        p.posix().homeDirectory().orElse(null),
        p.posix().loginShell().orElse(null),
        p.posix().gecos().orElse(null),
        p.refreshed().getEpochSecond());
    return byName(c, p.name()).orElseThrow();
  }

  public static void delete(Connection c, long id) throws SQLException {
    Sql.update(c, "DELETE FROM directory_memberships WHERE person = ?", id);
    Sql.update(c, "DELETE FROM directory_people WHERE id = ?", id);
  }

  /** Whether the user has signed in here, which a lookup is not. */
  public static boolean signedIn(Connection c, AccountName name) throws SQLException {
    return Sql.first(
            c,
            "SELECT 1 FROM directory_people WHERE upn = ? AND signed_in = 1",
            row -> row.getLong(1),
            name.upn())
        .isPresent();
  }

  public static void markSignedIn(Connection c, long id) throws SQLException {
    Sql.update(c, "UPDATE directory_people SET signed_in = 1 WHERE id = ?", id);
  }

  /** An administrator has given ids to the account that took this name: the one before is gone. */
  public static void forgetReplaced(Connection c, AccountName name) throws SQLException {
    if (IdConflicts.lasts(c, name.upn())) {
      Optional<StoredUser> before = byName(c, name);
      if (before.isPresent()) {
        delete(c, before.get().id());
      }
      IdClaims.drop(c, name.upn());
      IdConflicts.settle(c, name.upn());
    }
  }

  public static long count(Connection c) throws SQLException {
    return Sql.first(c, "SELECT count(*) FROM directory_people", row -> row.getLong(1)).orElse(0L);
  }

  public static void expire(Connection c) throws SQLException {
    Sql.update(c, "UPDATE directory_people SET refreshed = 0");
  }

  private static StoredUser read(ResultSet row) throws SQLException {
    return new StoredUser(
        row.getLong(1),
        AccountName.parse(row.getString(2)).orElseThrow(() -> new SQLException("bad upn")),
        Optional.ofNullable(row.getString(3)).map(UUID::fromString),
        Optional.ofNullable(row.getString(4)),
        row.getString(5),
        row.getLong(6),
        row.getLong(7),
        row.getString(8),
        new PosixAttributes(
            number(row, 9),
            number(row, 10),
            Optional.ofNullable(row.getString(11)),
            Optional.ofNullable(row.getString(12)),
            Optional.ofNullable(row.getString(13))),
        Instant.ofEpochSecond(row.getLong(14)));
  }

  static OptionalLong number(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static @Nullable Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
