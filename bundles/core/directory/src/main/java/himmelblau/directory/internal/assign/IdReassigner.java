package himmelblau.directory.internal.assign;

import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.host.LocalAccounts;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.GroupTable;
import himmelblau.directory.internal.store.IdClaims;
import himmelblau.directory.internal.store.IdConflicts;
import himmelblau.directory.internal.store.Sql;
import himmelblau.directory.internal.store.StaticIds;
import himmelblau.directory.internal.store.StoredGroup;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Assigns new ids to users and groups after the id rules have changed. */
public final class IdReassigner {
  private static final Log LOG = Log.of(IdReassigner.class);

  private final Area area;

  public IdReassigner(Area area) {
    this.area = area;
  }

  /**
   * A user or group whose id has changed.
   *
   * @param to empty: the new rules leave none
   */
  public record Move(String who, long from, OptionalLong to) {
    @Override
    public String toString() {
      return who + ": " + from + " -> " + (to.isPresent() ? to.getAsLong() : "none");
    }
  }

  /**
   * Assigns new ids to all whose id results from a rule that is no longer in effect. Users of a
   * domain that is not configured, or is refused, are not changed: it may come back. Returns the
   * changed ids, except those caused by the user map.
   */
  public List<Move> run(DirectorySetup setup) {
    Set<String> valid = rules(setup).bases();
    return area.write(
        connection -> {
          List<StoredUser> users = users(connection, setup, valid);
          List<StoredGroup> groups = groups(connection, setup, valid);
          if (users.stream().anyMatch(user -> !mapped(setup, user)) || !groups.isEmpty()) {
            IdClaims.clear(connection); // they are of the old rules
          }
          return reassign(connection, setup, users, groups);
        });
  }

  /** What {@link #run} would do, as far as it can be predicted; changes nothing. */
  public List<Move> rehearse(DirectorySetup setup) {
    Set<String> valid = rules(setup).bases();
    IdAssigner assigner = new IdAssigner(setup);
    return area.read(
        connection -> {
          List<Move> moves = new ArrayList<>();
          for (StoredUser user : users(connection, setup, valid)) {
            OptionalLong uid = OptionalLong.empty();
            try {
              uid = OptionalLong.of(assigner.user(connection, user.toDirectoryUser()).uid());
            } catch (DirectoryConflict e) {
              // none
            }
            if (!mapped(setup, user)) {
              moves.add(new Move(user.name().upn(), user.uid(), uid));
            }
          }
          for (StoredGroup group : groups(connection, setup, valid)) {
            OptionalLong gid = OptionalLong.empty();
            try {
              gid =
                  gid(
                      assigner.group(
                          connection, group.group(), domain(setup, group).orElseThrow()));
            } catch (DirectoryConflict e) {
              // none
            }
            moves.add(new Move(IdClaims.group(group.objectId()), group.gid(), gid));
          }
          moves.removeIf(IdReassigner::stays);
          return moves;
        });
  }

  private static IdRules rules(DirectorySetup setup) {
    return IdRules.of(
        setup.settings(),
        setup.settings().domains().stream()
            .flatMap(domain -> setup.domains().named(domain).stream())
            .toList());
  }

  private static boolean here(DirectorySetup setup, String domain) {
    return setup.domains().refusal(domain).isEmpty();
  }

  /** Whether the ids come from the user map, before or now. */
  private static boolean mapped(DirectorySetup setup, StoredUser user) {
    return byMap(user) || setup.names().mappedLocal(user.name()).isPresent();
  }

  private static boolean stays(Move move) {
    return move.to().isPresent() && move.to().getAsLong() == move.from();
  }

  private static OptionalLong gid(Optional<AssignedIds> ids) {
    return ids.isPresent() ? OptionalLong.of(ids.get().gid()) : OptionalLong.empty();
  }

  private static Optional<DomainSettings> domain(DirectorySetup setup, StoredGroup group) {
    return setup.domains().named(group.domain());
  }

  private static List<StoredUser> users(
      Connection connection, DirectorySetup setup, Set<String> valid) throws SQLException {
    List<StoredUser> users = new ArrayList<>();
    if (!valid.containsAll(bases(connection, "directory_people"))
        || !setup.host().userMap().upns().isEmpty()) {
      UserTable.each(
          connection,
          user -> {
            if (!settled(setup, user, valid) && here(setup, user.name().domain())) {
              users.add(user);
            }
          });
    }
    return users;
  }

  /** Whether the ids are those of the user map or, without an entry there, of the rules. */
  private static boolean settled(DirectorySetup setup, StoredUser user, Set<String> valid) {
    Optional<LocalAccounts.Entry> local = setup.names().mappedLocal(user.name());
    return local.isPresent()
        ? byMap(user) && local.get().uid() == user.uid() && local.get().gid() == user.gid()
        : valid.contains(user.basis());
  }

  private static boolean byMap(StoredUser user) {
    return user.basis().equals(AssignedIds.USER_MAP);
  }

  private static List<StoredGroup> groups(
      Connection connection, DirectorySetup setup, Set<String> valid) throws SQLException {
    List<StoredGroup> groups = new ArrayList<>();
    if (!valid.containsAll(bases(connection, "directory_groups"))) {
      GroupTable.each(
          connection,
          group -> {
            if (!valid.contains(group.basis()) && here(setup, group.domain())) {
              groups.add(group);
            }
          });
    }
    return groups;
  }

  /** The static ids have changed. */
  public void runForStatic(DirectorySetup setup) {
    area.write(
        connection -> {
          List<StoredUser> users = new ArrayList<>();
          UserTable.each(
              connection,
              user -> {
                boolean fixed = StaticIds.user(connection, user.name()).isPresent();
                if (fixed || user.basis().equals("static")) {
                  users.add(user);
                }
              });
          List<StoredGroup> groups = new ArrayList<>();
          GroupTable.each(
              connection,
              group -> {
                boolean fixed = StaticIds.group(connection, group.objectId()).isPresent();
                if (fixed || group.basis().equals("static")) {
                  groups.add(group);
                }
              });
          IdClaims.dropFixed(connection);
          reassign(connection, setup, users, groups);
          IdConflicts.clear(connection);
          return true;
        });
  }

  private static Set<String> bases(Connection connection, String table) throws SQLException {
    return new HashSet<>(
        Sql.list(connection, "SELECT DISTINCT basis FROM " + table, row -> row.getString(1)));
  }

  /** First removes all old ids, so that two objects can swap theirs. */
  private static List<Move> reassign(
      Connection connection, DirectorySetup setup, List<StoredUser> users, List<StoredGroup> groups)
      throws SQLException {
    List<Move> moves = new ArrayList<>();
    for (StoredGroup group : groups) {
      GroupTable.delete(connection, group.objectId());
    }
    for (StoredUser user : users) {
      UserTable.write(connection, user.with(new AssignedIds(-user.id(), -1, "none")));
    }
    for (StoredUser user : users) {
      OptionalLong uid = OptionalLong.empty();
      try {
        AssignedIds ids = new IdAssigner(setup).user(connection, user.toDirectoryUser());
        new IdCollisions(connection, setup).check(user.toDirectoryUser(), ids, user.id());
        UserTable.write(connection, user.with(ids));
        uid = OptionalLong.of(ids.uid());
      } catch (DirectoryConflict e) {
        IdConflicts.put(connection, user.name().upn(), String.valueOf(e.getMessage()));
        UserTable.delete(connection, user.id());
      }
      if (!mapped(setup, user)) {
        moves.add(new Move(user.name().upn(), user.uid(), uid));
      }
    }
    for (StoredGroup group : groups) {
      OptionalLong gid = regroup(connection, setup, group);
      moves.add(new Move(IdClaims.group(group.objectId()), group.gid(), gid));
    }
    moves.removeIf(IdReassigner::stays);
    moves.forEach(
        move ->
            LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
                .warn("directory.id_changed", "what", move));
    return moves;
  }

  private static OptionalLong regroup(
      Connection connection, DirectorySetup setup, StoredGroup group) throws SQLException {
    String who = IdClaims.group(group.objectId());
    Optional<DomainSettings> domain = domain(setup, group);
    if (domain.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      Optional<AssignedIds> ids =
          new IdAssigner(setup).group(connection, group.group(), domain.get());
      if (ids.isPresent()) {
        StoredGroup now =
            new StoredGroup(
                group.objectId(),
                group.displayName(),
                ids.get().gid(),
                ids.get().basis(),
                group.gidNumber(),
                group.domain());
        Optional<String> taken = new IdCollisions(connection, setup).of(now);
        if (taken.isPresent()) {
          IdClaims.group(connection, now);
          throw new DirectoryConflict(taken.get());
        }
        GroupTable.write(connection, now);
      }
      return gid(ids);
    } catch (DirectoryConflict e) {
      IdConflicts.put(connection, who, String.valueOf(e.getMessage()));
      return OptionalLong.empty();
    }
  }
}
