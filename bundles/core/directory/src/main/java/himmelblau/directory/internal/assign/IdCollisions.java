package himmelblau.directory.internal.assign;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.GroupTable;
import himmelblau.directory.internal.store.IdClaims;
import himmelblau.directory.internal.store.IdConflicts;
import himmelblau.directory.internal.store.StaticIds;
import himmelblau.directory.internal.store.StoredGroup;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Detects two directory objects with the same id and records the collision for both; an
 * administrator resolves it.
 */
public final class IdCollisions {
  private final Connection connection;
  private final DirectorySetup setup;
  private final boolean note;

  IdCollisions(Connection connection, DirectorySetup setup) {
    this(connection, setup, true);
  }

  /**
   * @param note whether the collision is recorded for the other object, too; not possible in a read
   *     transaction
   */
  public IdCollisions(Connection connection, DirectorySetup setup, boolean note) {
    this.connection = connection;
    this.setup = setup;
    this.note = note;
  }

  /**
   * @param row the user's own, 0 if new
   */
  public void check(DirectoryUser user, AssignedIds ids, long row)
      throws SQLException, DirectoryConflict {
    if (setup.names().isMapped(user.name())) {
      return;
    }
    String upn = user.name().upn();
    Optional<StoredUser> other = UserTable.byUid(connection, ids.uid());
    if (other.isPresent() && other.get().id() != row) {
      throw claimed(user, ids, IdConflicts.reason("uid", ids.uid(), upn, other.get().name().upn()));
    }
    Optional<String> rival = IdClaims.rival(connection, upn, ids);
    if (rival.isPresent() && other.isEmpty()) {
      throw claimed(user, ids, IdConflicts.reason("uid", ids.uid(), upn, rival.get()));
    }
    Optional<String> reserved = StaticIds.userWith(connection, ids.uid());
    if (reserved.isPresent() && !reserved.get().equals(upn)) {
      throw new DirectoryConflict(
          "uid "
              + ids.uid()
              + " of "
              + upn
              + " was given to "
              + reserved.get()
              + IdConflicts.REMEDY);
    }
    Optional<StoredGroup> group = GroupTable.byGid(connection, ids.uid());
    if (group.isPresent() && ids.gid() == ids.uid()) {
      throw claimed(
          user,
          ids,
          "uid "
              + ids.uid()
              + " of "
              + upn
              + " is the gid of group "
              + group.get().objectId()
              + IdConflicts.REMEDY);
    }
  }

  /**
   * Neither object may use the id: the claim records this for the other one. A user of whom only
   * the name is known is refused without a claim: anyone may look up any name, and could otherwise
   * choose whose id to dispute.
   */
  private DirectoryConflict claimed(DirectoryUser user, AssignedIds ids, String why)
      throws SQLException {
    if (note && user.objectId().isPresent()) {
      IdClaims.user(connection, user.name().upn(), ids);
    }
    return new DirectoryConflict(why);
  }

  /** Why the group cannot have the gid. */
  Optional<String> of(StoredGroup group) throws SQLException {
    String who = "gid " + group.gid() + " of group " + group.objectId();
    Optional<StoredGroup> other = GroupTable.byGid(connection, group.gid());
    if (other.isPresent() && !other.get().objectId().equals(group.objectId())) {
      return Optional.of(who + " is also that of group " + other.get().objectId());
    }
    Optional<String> rival = IdClaims.rival(connection, group);
    if (rival.isPresent() && other.isEmpty()) {
      return Optional.of(who + " is also that of " + rival.get());
    }
    Optional<String> reserved = StaticIds.groupWith(connection, group.gid());
    if (reserved.isPresent() && !reserved.get().equals(group.objectId().toString())) {
      return Optional.of(who + " was given to group " + reserved.get());
    }
    return UserTable.byUid(connection, group.gid())
        .filter(user -> user.gid() == user.uid())
        .map(user -> who + " is the uid of " + user.name());
  }
}
