package himmelblau.directory.internal.store;

import himmelblau.api.account.AccountName;
import himmelblau.directory.internal.ids.AssignedIds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Ids that an administrator fixed: users by UPN, groups by object id. */
public final class StaticIds {
  private StaticIds() {}

  public static Optional<AssignedIds> user(Connection c, AccountName name) throws SQLException {
    return Sql.first(
        c,
        "SELECT uid, gid FROM directory_static_users WHERE upn = ?",
        row -> new AssignedIds(row.getLong(1), row.getLong(2), "static"),
        name.upn());
  }

  public static OptionalLong group(Connection c, UUID objectId) throws SQLException {
    return Sql.first(
            c,
            "SELECT gid FROM directory_static_groups WHERE object_id = ?",
            row -> row.getLong(1),
            objectId.toString())
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  /** The UPN that an administrator gave this uid to. */
  public static Optional<String> userWith(Connection c, long uid) throws SQLException {
    return Sql.first(
        c, "SELECT upn FROM directory_static_users WHERE uid = ?", row -> row.getString(1), uid);
  }

  /** The object id that an administrator gave this gid to. */
  public static Optional<String> groupWith(Connection c, long gid) throws SQLException {
    return Sql.first(
        c,
        "SELECT object_id FROM directory_static_groups WHERE gid = ?",
        row -> row.getString(1),
        gid);
  }

  public static void putUser(Connection c, AccountName name, long uid, long gid)
      throws SQLException {
    Sql.update(
        c,
        "INSERT OR REPLACE INTO directory_static_users (upn, uid, gid) VALUES (?, ?, ?)",
        name.upn(),
        uid,
        gid);
  }

  public static void putGroup(Connection c, UUID objectId, long gid) throws SQLException {
    Sql.update(
        c,
        "INSERT OR REPLACE INTO directory_static_groups (object_id, gid) VALUES (?, ?)",
        objectId.toString(),
        gid);
  }

  public static void clear(Connection c) throws SQLException {
    Sql.update(c, "DELETE FROM directory_static_users");
    Sql.update(c, "DELETE FROM directory_static_groups");
  }
}
