package himmelblau.directory.internal;

import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.LookupMap.Content;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.User;
import himmelblau.api.store.Area;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What is kept, as the look-up map wants it: all of it, row by row, or one change. */
final class MapContent implements Content {
  private final Area area;
  private final Entries entries;
  private final Map<String, Instant> missing;

  MapContent(Area area, Setup setup, Map<String, Instant> missing) {
    this.area = area;
    this.entries = new Entries(setup);
    this.missing = missing;
  }

  @Override
  public void users(Consumer<User> to) {
    area.read(
        connection -> {
          try (Gids gids = new Gids(connection)) {
            People.each(
                connection,
                person -> {
                  List<Long> own = gids.of(person.id());
                  if (entries.obstacle(person).isEmpty()) {
                    to.accept(entries.user(person, own));
                  }
                });
          }
          return true;
        });
  }

  @Override
  public void groups(Consumer<MappedGroup> to) {
    area.read(
        connection -> {
          ShownNames names = new ShownNames(People.count(connection));
          People.each(
              connection,
              person -> {
                if (entries.obstacle(person).isEmpty()) {
                  names.add(person.id(), entries.shown(person.name()));
                }
              });
          Groups.each(
              connection,
              group -> {
                if (entries.visible(group)) {
                  to.accept(entries.group(group, members(connection, group, names)));
                }
              });
          return true;
        });
  }

  private static List<String> members(Connection connection, StoredGroup group, ShownNames names)
      throws SQLException {
    List<String> shown = new ArrayList<>();
    for (long person : Groups.members(connection, group.objectId())) {
      names.of(person).ifPresent(shown::add);
    }
    return shown;
  }

  @Override
  public Map<String, Instant> missing() {
    return missing;
  }

  /** The change that makes the map follow a write. */
  Change change(Recorder.Changed changed) {
    return area.read(
        connection -> {
          StoredPerson person = changed.person();
          String name = entries.shown(person.name());
          List<String> gone = new ArrayList<>();
          changed
              .before()
              .map(StoredPerson::name)
              .map(entries::shown)
              .filter(old -> !old.equals(name))
              .ifPresent(gone::add);
          List<MappedGroup> groups = new ArrayList<>();
          // A renamed member changes every group they are in.
          List<StoredGroup> touched =
              gone.isEmpty() ? changed.memberships().changed() : Groups.of(connection, person.id());
          for (StoredGroup group : touched) {
            if (entries.visible(group)) {
              groups.add(mapped(connection, group));
            }
          }
          Map<Long, List<String>> joined = new HashMap<>();
          for (StoredGroup group : changed.memberships().joined()) {
            if (entries.visible(group)) {
              joined.put(group.gid(), List.of(name));
            }
          }
          return new Change(
              List.of(entries.user(person, gidsOf(connection, person))),
              groups,
              Map.of(),
              gone,
              joined);
        });
  }

  MappedGroup mapped(Connection connection, StoredGroup group) throws SQLException {
    List<String> names = new ArrayList<>();
    for (StoredPerson member : People.members(connection, group.objectId())) {
      if (entries.obstacle(member).isEmpty()) {
        names.add(entries.shown(member.name()));
      }
    }
    return entries.group(group, names);
  }

  List<Long> gidsOf(Connection connection, StoredPerson person) throws SQLException {
    return Groups.granted(connection, person.id()).stream()
        .filter(entries::visible)
        .map(StoredGroup::gid)
        .filter(gid -> gid != person.gid())
        .toList();
  }

  /** Walks all memberships beside all people, both in the order of rows. */
  private final class Gids implements AutoCloseable {
    private final Set<Long> hidden = new HashSet<>();
    private final PreparedStatement statement;
    private final ResultSet rows;
    private boolean more;

    Gids(Connection connection) throws SQLException {
      Groups.each(
          connection,
          group -> {
            if (!entries.visible(group)) {
              hidden.add(group.gid());
            }
          });
      statement =
          connection.prepareStatement(
              "SELECT m.person, g.gid FROM directory_memberships m"
                  + " JOIN directory_groups g ON g.object_id = m.object_id WHERE"
                  + Groups.UNDISPUTED
                  + " ORDER BY m.person, m.object_id");
      rows = statement.executeQuery();
      more = rows.next();
    }

    List<Long> of(long person) throws SQLException {
      List<Long> gids = new ArrayList<>();
      while (more && rows.getLong(1) <= person) {
        long gid = rows.getLong(2);
        if (rows.getLong(1) == person && !hidden.contains(gid)) {
          gids.add(gid);
        }
        more = rows.next();
      }
      return gids;
    }

    @Override
    public void close() throws SQLException {
      statement.close();
    }
  }
}
