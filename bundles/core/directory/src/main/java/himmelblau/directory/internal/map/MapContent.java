package himmelblau.directory.internal.map;

import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.LookupMap.Content;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.assign.UserRecorder;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.setup.HostEntries;
import himmelblau.directory.internal.store.GroupTable;
import himmelblau.directory.internal.store.StoredGroup;
import himmelblau.directory.internal.store.StoredUser;
import himmelblau.directory.internal.store.UserTable;
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

/**
 * Converts the stored users and groups for the lookup map: all of them, row by row, or one change.
 */
public final class MapContent implements Content {
  private final Area area;
  private final HostEntries entries;
  private final Map<String, Instant> missing;

  public MapContent(Area area, DirectorySetup setup, Map<String, Instant> missing) {
    this.area = area;
    this.entries = new HostEntries(setup);
    this.missing = missing;
  }

  @Override
  public void users(Consumer<MappedUser> to) {
    area.read(
        connection -> {
          try (Gids gids = new Gids(connection)) {
            UserTable.each(
                connection,
                user -> {
                  List<Long> own = gids.of(user.id());
                  if (entries.obstacle(user).isEmpty()) {
                    to.accept(entries.user(user, own));
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
          ShownNames names = new ShownNames(UserTable.count(connection));
          UserTable.each(
              connection,
              user -> {
                if (entries.obstacle(user).isEmpty()) {
                  names.add(user.id(), entries.shown(user.name()));
                }
              });
          GroupTable.each(
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
    for (long user : GroupTable.members(connection, group.objectId())) {
      names.of(user).ifPresent(shown::add);
    }
    return shown;
  }

  @Override
  public Map<String, Instant> missing() {
    return missing;
  }

  /** The change of the map that corresponds to a write. */
  Change change(UserRecorder.Changed changed) {
    return area.read(
        connection -> {
          StoredUser user = changed.user();
          String name = entries.shown(user.name());
          List<String> gone = new ArrayList<>();
          changed
              .before()
              .map(StoredUser::name)
              .map(entries::shown)
              .filter(old -> !old.equals(name))
              .ifPresent(gone::add);
          List<MappedGroup> groups = new ArrayList<>();
          // A renamed member changes every group they are in.
          List<StoredGroup> touched =
              gone.isEmpty()
                  ? changed.memberships().changed()
                  : GroupTable.of(connection, user.id());
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
              List.of(entries.user(user, gidsOf(connection, user))),
              groups,
              Map.of(),
              gone,
              joined);
        });
  }

  public MappedGroup mapped(Connection connection, StoredGroup group) throws SQLException {
    List<String> names = new ArrayList<>();
    for (StoredUser member : UserTable.members(connection, group.objectId())) {
      if (entries.obstacle(member).isEmpty()) {
        names.add(entries.shown(member.name()));
      }
    }
    return entries.group(group, names);
  }

  public List<Long> gidsOf(Connection connection, StoredUser user) throws SQLException {
    return GroupTable.granted(connection, user.id()).stream()
        .filter(entries::visible)
        .map(StoredGroup::gid)
        .filter(gid -> gid != user.gid())
        .toList();
  }

  /** Iterates over all memberships in parallel to all users, both in the order of rows. */
  private final class Gids implements AutoCloseable {
    private final Set<Long> hidden = new HashSet<>();
    private final PreparedStatement statement;
    private final ResultSet rows;
    private boolean more;

    Gids(Connection connection) throws SQLException {
      GroupTable.each(
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
                  + GroupTable.UNDISPUTED
                  + " ORDER BY m.person, m.object_id");
      rows = statement.executeQuery();
      more = rows.next();
    }

    List<Long> of(long user) throws SQLException {
      List<Long> gids = new ArrayList<>();
      while (more && rows.getLong(1) <= user) {
        long gid = rows.getLong(2);
        if (rows.getLong(1) == user && !hidden.contains(gid)) {
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
