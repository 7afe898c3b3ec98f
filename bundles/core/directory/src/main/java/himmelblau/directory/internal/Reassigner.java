package himmelblau.directory.internal;

import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.log.Log;
import himmelblau.api.store.Area;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Gives people and groups new ids when the rules have changed under them. */
final class Reassigner {
  private static final Log LOG = Log.of(Reassigner.class);

  private final Area area;

  Reassigner(Area area) {
    this.area = area;
  }

  /**
   * Somebody whose ids are others now.
   *
   * @param to empty: the new rules leave none
   */
  record Move(String who, long from, OptionalLong to) {
    @Override
    public String toString() {
      return who + ": " + from + " -> " + (to.isPresent() ? to.getAsLong() : "none");
    }
  }

  /**
   * Whoever has an id by a rule that no longer holds gets the one that holds now. People of a
   * domain that is not configured, or not like that, are left alone: it may come back. Returns
   * whose ids are others now, other than by the user map.
   */
  List<Move> run(Setup setup) {
    Set<String> valid = rules(setup).bases();
    return area.write(
        connection -> {
          List<StoredPerson> people = people(connection, setup, valid);
          List<StoredGroup> groups = groups(connection, setup, valid);
          if (people.stream().anyMatch(person -> !mapped(setup, person)) || !groups.isEmpty()) {
            Claims.clear(connection); // they are of the old rules
          }
          return reassign(connection, setup, people, groups);
        });
  }

  /** What {@link #run} would do, as far as it can be told before; changes nothing. */
  List<Move> rehearse(Setup setup) {
    Set<String> valid = rules(setup).bases();
    IdAssigner assigner = new IdAssigner(setup);
    return area.read(
        connection -> {
          List<Move> moves = new ArrayList<>();
          for (StoredPerson person : people(connection, setup, valid)) {
            OptionalLong uid = OptionalLong.empty();
            try {
              uid = OptionalLong.of(assigner.person(connection, person.person()).uid());
            } catch (DirectoryConflict e) {
              // none
            }
            if (!mapped(setup, person)) {
              moves.add(new Move(person.name().upn(), person.uid(), uid));
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
            moves.add(new Move(Claims.group(group.objectId()), group.gid(), gid));
          }
          moves.removeIf(Reassigner::stays);
          return moves;
        });
  }

  private static IdRules rules(Setup setup) {
    return IdRules.of(
        setup.settings(),
        setup.settings().domains().stream()
            .flatMap(domain -> setup.domains().named(domain).stream())
            .toList());
  }

  private static boolean here(Setup setup, String domain) {
    return setup.domains().refusal(domain).isEmpty();
  }

  /** Whether it is the user map that gives or took the ids. */
  private static boolean mapped(Setup setup, StoredPerson person) {
    return byMap(person) || setup.names().mappedLocal(person.name()).isPresent();
  }

  private static boolean stays(Move move) {
    return move.to().isPresent() && move.to().getAsLong() == move.from();
  }

  private static OptionalLong gid(Optional<AssignedIds> ids) {
    return ids.isPresent() ? OptionalLong.of(ids.get().gid()) : OptionalLong.empty();
  }

  private static Optional<DomainSettings> domain(Setup setup, StoredGroup group) {
    return setup.domains().named(group.domain());
  }

  private static List<StoredPerson> people(Connection connection, Setup setup, Set<String> valid)
      throws SQLException {
    List<StoredPerson> people = new ArrayList<>();
    if (!valid.containsAll(bases(connection, "directory_people"))
        || !setup.host().userMap().upns().isEmpty()) {
      People.each(
          connection,
          person -> {
            if (!settled(setup, person, valid) && here(setup, person.name().domain())) {
              people.add(person);
            }
          });
    }
    return people;
  }

  /** Whether the ids are those that the user map or else the rules give. */
  private static boolean settled(Setup setup, StoredPerson person, Set<String> valid) {
    Optional<LocalAccounts.Entry> local = setup.names().mappedLocal(person.name());
    return local.isPresent()
        ? byMap(person) && local.get().uid() == person.uid() && local.get().gid() == person.gid()
        : valid.contains(person.basis());
  }

  private static boolean byMap(StoredPerson person) {
    return person.basis().equals(AssignedIds.USER_MAP);
  }

  private static List<StoredGroup> groups(Connection connection, Setup setup, Set<String> valid)
      throws SQLException {
    List<StoredGroup> groups = new ArrayList<>();
    if (!valid.containsAll(bases(connection, "directory_groups"))) {
      Groups.each(
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
  void runForStatic(Setup setup) {
    area.write(
        connection -> {
          List<StoredPerson> people = new ArrayList<>();
          People.each(
              connection,
              person -> {
                boolean fixed = StaticIds.user(connection, person.name()).isPresent();
                if (fixed || person.basis().equals("static")) {
                  people.add(person);
                }
              });
          List<StoredGroup> groups = new ArrayList<>();
          Groups.each(
              connection,
              group -> {
                boolean fixed = StaticIds.group(connection, group.objectId()).isPresent();
                if (fixed || group.basis().equals("static")) {
                  groups.add(group);
                }
              });
          Claims.dropFixed(connection);
          reassign(connection, setup, people, groups);
          Conflicts.clear(connection);
          return true;
        });
  }

  private static Set<String> bases(Connection connection, String table) throws SQLException {
    return new HashSet<>(
        Sql.list(connection, "SELECT DISTINCT basis FROM " + table, row -> row.getString(1)));
  }

  /** All leave their old ids first, so that two may swap. */
  private static List<Move> reassign(
      Connection connection, Setup setup, List<StoredPerson> people, List<StoredGroup> groups)
      throws SQLException {
    List<Move> moves = new ArrayList<>();
    for (StoredGroup group : groups) {
      Groups.delete(connection, group.objectId());
    }
    for (StoredPerson person : people) {
      People.write(connection, person.with(new AssignedIds(-person.id(), -1, "none")));
    }
    for (StoredPerson person : people) {
      OptionalLong uid = OptionalLong.empty();
      try {
        AssignedIds ids = new IdAssigner(setup).person(connection, person.person());
        new Collisions(connection, setup).check(person.person(), ids, person.id());
        People.write(connection, person.with(ids));
        uid = OptionalLong.of(ids.uid());
      } catch (DirectoryConflict e) {
        Conflicts.put(connection, person.name().upn(), String.valueOf(e.getMessage()));
        People.delete(connection, person.id());
      }
      if (!mapped(setup, person)) {
        moves.add(new Move(person.name().upn(), person.uid(), uid));
      }
    }
    for (StoredGroup group : groups) {
      OptionalLong gid = regroup(connection, setup, group);
      moves.add(new Move(Claims.group(group.objectId()), group.gid(), gid));
    }
    moves.removeIf(Reassigner::stays);
    moves.forEach(move -> LOG.warn("directory.id-changed", "what", move));
    return moves;
  }

  private static OptionalLong regroup(Connection connection, Setup setup, StoredGroup group)
      throws SQLException {
    String who = Claims.group(group.objectId());
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
        Optional<String> taken = new Collisions(connection, setup).of(now);
        if (taken.isPresent()) {
          Claims.group(connection, now);
          throw new DirectoryConflict(taken.get());
        }
        Groups.write(connection, now);
      }
      return gid(ids);
    } catch (DirectoryConflict e) {
      Conflicts.put(connection, who, String.valueOf(e.getMessage()));
      return OptionalLong.empty();
    }
  }
}
