package himmelblau.directory.internal.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The tables of groups and memberships. Groups are identified by object id only. */
public final class GroupTable {
  private static final String SELECT =
      "SELECT g.object_id, g.display_name, g.gid, g.basis, g.gid_number, g.domain"
          + " FROM directory_groups g ";

  /** A condition on {@code g}. */
  public static final String UNDISPUTED =
      " NOT EXISTS (SELECT 1 FROM directory_claims k WHERE k.kind = 'g' AND k.id = g.gid"
          + " AND k.who <> 'group ' || g.object_id)";

  private GroupTable() {}

  public static Optional<StoredGroup> byObjectId(Connection c, UUID objectId) throws SQLException {
    return Sql.first(c, SELECT + "WHERE g.object_id = ?", GroupTable::read, objectId.toString());
  }

  public static Optional<StoredGroup> byGid(Connection c, long gid) throws SQLException {
    return Sql.first(c, SELECT + "WHERE g.gid = ?", GroupTable::read, gid);
  }

  public static void each(Connection c, Sql.Sink<StoredGroup> sink) throws SQLException {
    Sql.each(c, SELECT + "ORDER BY g.object_id", GroupTable::read, sink);
  }

  /** Of one user; only those that have a gid here. */
  public static List<StoredGroup> of(Connection c, long user) throws SQLException {
    return Sql.list(
        c,
        SELECT
            + "JOIN directory_memberships m ON m.object_id = g.object_id WHERE m.person = ?"
            + " ORDER BY g.object_id",
        GroupTable::read,
        user);
  }

  /** Of one user; only those whose gid is not disputed. */
  public static List<StoredGroup> granted(Connection c, long user) throws SQLException {
    return Sql.list(
        c,
        SELECT
            + "JOIN directory_memberships m ON m.object_id = g.object_id WHERE m.person = ? AND"
            + UNDISPUTED
            + " ORDER BY g.object_id",
        GroupTable::read,
        user);
  }

  /** Of one user; also those without a gid here, since they too authorise. */
  public static List<UUID> idsOf(Connection c, long user) throws SQLException {
    return Sql.list(
        c,
        "SELECT object_id FROM directory_memberships WHERE person = ? ORDER BY object_id",
        row -> UUID.fromString(row.getString(1)),
        user);
  }

  /** Rows of the users in a group, ascending. */
  public static List<Long> members(Connection c, UUID group) throws SQLException {
    return Sql.list(
        c,
        "SELECT person FROM directory_memberships WHERE object_id = ? ORDER BY person",
        row -> row.getLong(1),
        group.toString());
  }

  public static void write(Connection c, StoredGroup g) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO directory_groups (object_id, display_name, gid, basis, gid_number, domain)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (object_id) DO UPDATE SET"
            + " display_name = excluded.display_name, gid = excluded.gid, basis = excluded.basis,"
            + " gid_number = excluded.gid_number, domain = excluded.domain",
        g.objectId().toString(),
        g.displayName(),
        g.gid(),
        g.basis(),
        UserTable.orNull(g.gidNumber()),
        g.domain());
  }

  public static void delete(Connection c, UUID objectId) throws SQLException {
    Sql.update(c, "DELETE FROM directory_groups WHERE object_id = ?", objectId.toString());
  }

  public static void setMemberships(Connection c, long user, Collection<UUID> groups)
      throws SQLException {
    Sql.update(c, "DELETE FROM directory_memberships WHERE person = ?", user);
    for (UUID group : groups) {
      Sql.update(
          c,
          "INSERT OR IGNORE INTO directory_memberships (person, object_id) VALUES (?, ?)",
          user,
          group.toString());
    }
  }

  private static StoredGroup read(ResultSet row) throws SQLException {
    return new StoredGroup(
        UUID.fromString(row.getString(1)),
        row.getString(2),
        row.getLong(3),
        row.getString(4),
        UserTable.number(row, 5),
        row.getString(6));
  }
}
