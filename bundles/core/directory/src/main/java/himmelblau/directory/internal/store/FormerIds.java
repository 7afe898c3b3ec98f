package himmelblau.directory.internal.store;

import himmelblau.api.account.AccountName;
import himmelblau.directory.internal.ids.AssignedIds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Ids of users whose name no longer exists in the directory. Most were renamed: under the new name,
 * with the same object id, they get back the ids that own their files. Each method uses a
 * connection of its caller's transaction.
 */
public final class FormerIds {
  private FormerIds() {}

  public static void put(Connection c, StoredUser user) throws SQLException {
    if (user.objectId().isPresent()) {
      Sql.update(
          c,
          "INSERT OR REPLACE INTO directory_former (object_id, upn, uid, gid, basis)"
              + " VALUES (?, ?, ?, ?, ?)",
          user.objectId().get().toString(),
          user.name().upn(),
          user.uid(),
          user.gid(),
          user.basis());
    }
  }

  /** The ids that the object had, unless another object has them now. */
  public static Optional<AssignedIds> of(Connection c, UUID objectId) throws SQLException {
    return Sql.first(
        c,
        "SELECT uid, gid, basis FROM directory_former f WHERE object_id = ?"
            + " AND NOT EXISTS (SELECT 1 FROM directory_people p WHERE p.uid = f.uid)",
        row -> new AssignedIds(row.getLong(1), row.getLong(2), row.getString(3)),
        objectId.toString());
  }

  /** The object that had this name and this uid, and no longer exists here; its files do. */
  public static Optional<UUID> ownerOf(Connection c, AccountName name, long uid)
      throws SQLException {
    return Sql.first(
        c,
        "SELECT object_id FROM directory_former WHERE upn = ? AND uid = ?",
        row -> UUID.fromString(row.getString(1)),
        name.upn(),
        uid);
  }

  public static void drop(Connection c, UUID objectId) throws SQLException {
    Sql.update(c, "DELETE FROM directory_former WHERE object_id = ?", objectId.toString());
  }

  public static void clear(Connection c) throws SQLException {
    Sql.update(c, "DELETE FROM directory_former");
  }
}
