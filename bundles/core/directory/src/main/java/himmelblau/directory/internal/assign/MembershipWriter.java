package himmelblau.directory.internal.assign;

import himmelblau.api.account.Group;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.GroupTable;
import himmelblau.directory.internal.store.IdClaims;
import himmelblau.directory.internal.store.IdConflicts;
import himmelblau.directory.internal.store.StoredGroup;
import himmelblau.directory.internal.store.StoredUser;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stores the groups of a user. A group that cannot have a gid on this host still authorises. */
public final class MembershipWriter {
  private final Connection connection;
  private final DirectorySetup setup;

  public MembershipWriter(Connection connection, DirectorySetup setup) {
    this.connection = connection;
    this.setup = setup;
  }

  /**
   * @param all object ids of all groups of the user
   * @param joined groups that were known and have a new member
   * @param changed groups that are new, have another name or gid, or lost the member
   */
  public record Result(List<UUID> all, List<StoredGroup> joined, List<StoredGroup> changed) {}

  Result write(StoredUser user, Optional<List<Group>> groups, boolean wasKnown)
      throws SQLException {
    List<UUID> before = wasKnown ? GroupTable.idsOf(connection, user.id()) : List.of();
    if (groups.isEmpty()) {
      return new Result(before, List.of(), List.of());
    }
    Set<UUID> member = new HashSet<>(before);
    Set<UUID> now = new LinkedHashSet<>();
    List<StoredGroup> joined = new ArrayList<>();
    List<StoredGroup> changed = new ArrayList<>();
    for (Group group : groups.get()) {
      now.add(group.objectId());
      Optional<StoredGroup> old = GroupTable.byObjectId(connection, group.objectId());
      Optional<StoredGroup> kept = keep(setup.domains().of(user.name()), group);
      if (kept.isPresent() && !kept.equals(old)) {
        changed.add(kept.get());
      } else if (kept.isPresent() && !member.contains(group.objectId())) {
        joined.add(kept.get());
      }
    }
    for (UUID left : before) {
      if (!now.contains(left)) {
        GroupTable.byObjectId(connection, left).ifPresent(changed::add);
      }
    }
    if (!now.equals(member)) {
      GroupTable.setMemberships(connection, user.id(), now);
    }
    return new Result(List.copyOf(now), joined, changed);
  }

  /** Also without a member; empty if it cannot have a gid here. */
  public Optional<StoredGroup> keep(Optional<DomainSettings> domain, Group group)
      throws SQLException {
    if (domain.isEmpty()) {
      return Optional.empty();
    }
    String who = IdClaims.group(group.objectId());
    try {
      Optional<AssignedIds> ids = new IdAssigner(setup).group(connection, group, domain.get());
      if (ids.isEmpty()) {
        GroupTable.delete(connection, group.objectId());
        return Optional.empty();
      }
      StoredGroup stored =
          new StoredGroup(
              group.objectId(),
              group.displayName(),
              ids.get().gid(),
              ids.get().basis(),
              group.gidNumber(),
              domain.get().domain());
      Optional<String> taken = new IdCollisions(connection, setup).of(stored);
      if (taken.isPresent()) {
        IdClaims.group(connection, stored);
        throw new DirectoryConflict(taken.get());
      }
      IdClaims.drop(connection, who);
      if (!GroupTable.byObjectId(connection, group.objectId()).equals(Optional.of(stored))) {
        GroupTable.write(connection, stored);
      }
      IdConflicts.settle(connection, who);
      return Optional.of(stored);
    } catch (DirectoryConflict e) {
      IdConflicts.put(connection, who, String.valueOf(e.getMessage()));
      GroupTable.delete(connection, group.objectId());
      return Optional.empty();
    }
  }
}
