package himmelblau.directory.internal.store;

import himmelblau.directory.internal.ids.AssignedIds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Ids that an object would get if another object did not have them already. While such a claim
 * exists, neither object may use the id: the order in which they were seen must not decide. Each
 * method uses a connection of its caller's transaction.
 */
public final class IdClaims {
  private static final String UID = "u";
  private static final String GID = "g";

  /** A claim that is no longer disputed. */
  private static final String FREE =
      "SELECT who FROM directory_claims k WHERE NOT EXISTS (SELECT 1 FROM directory_claims o"
          + " WHERE o.kind = k.kind AND o.id = k.id AND o.who <> k.who)"
          + " AND NOT EXISTS (SELECT 1 FROM directory_people p WHERE p.uid = k.id"
          + " AND (k.kind = 'u' OR p.gid = p.uid))"
          + " AND NOT (k.kind = 'g' AND EXISTS (SELECT 1 FROM directory_groups g"
          + " WHERE g.gid = k.id))";

  private IdClaims() {}

  /** The key of a group in a column that contains UPNs for users. */
  public static String group(java.util.UUID objectId) {
    return "group " + objectId;
  }

  public static void user(Connection c, String upn, AssignedIds ids) throws SQLException {
    drop(c, upn);
    put(c, upn, UID, ids.uid());
    if (ids.gid() == ids.uid()) {
      put(c, upn, GID, ids.uid());
    }
  }

  public static void group(Connection c, StoredGroup group) throws SQLException {
    put(c, group(group.objectId()), GID, group.gid());
  }

  private static void put(Connection c, String who, String kind, long id) throws SQLException {
    Sql.update(
        c,
        "INSERT OR REPLACE INTO directory_claims (who, kind, id) VALUES (?, ?, ?)",
        who,
        kind,
        id);
  }

  /** Whether {@code who} claims an id that another object has. */
  public static boolean held(Connection c, String who) throws SQLException {
    return number(c, "SELECT count(*) FROM directory_claims WHERE who = ?", who) > 0;
  }

  public static void drop(Connection c, String who) throws SQLException {
    Sql.update(c, "DELETE FROM directory_claims WHERE who = ?", who);
  }

  public static void clear(Connection c) throws SQLException {
    Sql.update(c, "DELETE FROM directory_claims");
  }

  public static long count(Connection c) throws SQLException {
    return Sql.first(c, "SELECT count(*) FROM directory_claims", row -> row.getLong(1)).orElse(0L);
  }

  /** Another object that claims an id of this user. */
  public static Optional<String> rival(Connection c, String upn, AssignedIds ids)
      throws SQLException {
    Optional<String> rival = rival(c, upn, UID, ids.uid());
    return rival.isEmpty() && ids.gid() == ids.uid() ? rival(c, upn, GID, ids.uid()) : rival;
  }

  /** Another object that claims the gid of this group. */
  public static Optional<String> rival(Connection c, StoredGroup group) throws SQLException {
    return rival(c, group(group.objectId()), GID, group.gid());
  }

  private static Optional<String> rival(Connection c, String who, String kind, long id)
      throws SQLException {
    return Sql.first(
        c,
        "SELECT who FROM directory_claims WHERE kind = ? AND id = ? AND who <> ? ORDER BY who",
        row -> row.getString(1),
        kind,
        id,
        who);
  }

  /** Deletes the claims of objects that have a fixed id now. */
  public static void dropFixed(Connection c) throws SQLException {
    Sql.update(
        c,
        "DELETE FROM directory_claims WHERE who IN (SELECT upn FROM directory_static_users)"
            + " OR who IN (SELECT 'group ' || object_id FROM directory_static_groups)");
  }

  /** Deletes claims that are no longer disputed, with the conflicts recorded for them. */
  public static void settle(Connection c) throws SQLException {
    Set<String> free = new LinkedHashSet<>(Sql.list(c, FREE, row -> row.getString(1)));
    List<String> bound = new ArrayList<>();
    for (String who : free) {
      long all = number(c, "SELECT count(*) FROM directory_claims WHERE who = ?", who);
      long open = number(c, "SELECT count(*) FROM (" + FREE + ") WHERE who = ?", who);
      if (open < all) {
        bound.add(who); // the other one of its ids is still disputed
      }
    }
    bound.forEach(free::remove);
    for (String who : free) {
      drop(c, who);
      IdConflicts.settle(c, who);
    }
  }

  private static long number(Connection c, String sql, String who) throws SQLException {
    return Sql.first(c, sql, row -> row.getLong(1), who).orElse(0L);
  }
}
