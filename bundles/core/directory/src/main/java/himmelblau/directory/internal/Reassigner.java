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
import java.util.Set;

/** Gives people and groups new ids when the rules have changed under them. */
final class Reassigner {
  private static final Log LOG = Log.of(Reassigner.class);

  private final Area area;

  Reassigner(Area area) {
    this.area = area;
  }

  /** Whoever has an id by a rule that no longer holds gets the one that holds now. */
  boolean run(Setup setup) {
    Set<String> valid = validBases(setup);
    return area.write(
        connection -> {
          List<StoredPerson> people = new ArrayList<>();
          if (!valid.containsAll(bases(connection, "directory_people"))) {
            People.each(connection, people::add);
          }
          people.removeIf(person -> valid.contains(person.basis()));
          List<StoredGroup> groups = new ArrayList<>();
          if (!valid.containsAll(bases(connection, "directory_groups"))) {
            Groups.each(connection, groups::add);
          }
          groups.removeIf(group -> valid.contains(group.basis()));
          if (!people.isEmpty() || !groups.isEmpty()) {
            Claims.clear(connection); // they are of the old rules
          }
          reassign(connection, setup, people, groups);
          return !people.isEmpty() || !groups.isEmpty();
        });
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

  private static Set<String> validBases(Setup setup) {
    Set<String> valid = new HashSet<>(Set.of("static"));
    for (String domain : setup.settings().domains()) {
      setup
          .domains()
          .named(domain)
          .ifPresent(
              settings -> {
                String range = settings.range().toString();
                switch (setup.settings().idSource()) {
                  case NAME -> valid.addAll(Set.of("name:" + range, "object-id:" + range));
                  case UUID -> valid.add("uuid:" + range);
                  case RFC2307 -> {
                    valid.addAll(Set.of("rfc2307", "provisional:" + range));
                    setup
                        .settings()
                        .groupFallback()
                        .map(source -> source == Settings.Source.UUID ? "uuid:" : "display-name:")
                        .ifPresent(rule -> valid.add(rule + range));
                  }
                }
              });
    }
    return valid;
  }

  /** All leave their old ids first, so that two may swap. */
  private static void reassign(
      Connection connection, Setup setup, List<StoredPerson> people, List<StoredGroup> groups)
      throws SQLException {
    for (StoredGroup group : groups) {
      Groups.delete(connection, group.objectId());
    }
    for (StoredPerson person : people) {
      People.write(connection, person.with(new AssignedIds(-person.id(), -1, "none")));
    }
    for (StoredPerson person : people) {
      try {
        AssignedIds ids = new IdAssigner(setup).person(connection, person.person());
        new Collisions(connection, setup).check(person.person(), ids, person.id());
        People.write(connection, person.with(ids));
        if (ids.uid() != person.uid()) {
          LOG.info(
              "directory.id-changed",
              "upn",
              person.name(),
              "from",
              person.uid(),
              "to",
              ids.uid(),
              "rule",
              ids.basis());
        }
      } catch (DirectoryConflict e) {
        Conflicts.put(connection, person.name().upn(), String.valueOf(e.getMessage()));
        People.delete(connection, person.id());
      }
    }
    for (StoredGroup group : groups) {
      regroup(connection, setup, group);
    }
  }

  private static void regroup(Connection connection, Setup setup, StoredGroup group)
      throws SQLException {
    String who = Claims.group(group.objectId());
    Optional<DomainSettings> domain = setup.domains().named(group.domain());
    if (domain.isEmpty()) {
      return;
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
    } catch (DirectoryConflict e) {
      Conflicts.put(connection, who, String.valueOf(e.getMessage()));
    }
  }
}
