package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.log.Log;
import himmelblau.api.store.Area;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Who cannot be given an identity here, and why. Of two that collide neither may sign in until an
 * administrator has decided: the order in which a host met them must not.
 */
final class Conflicts {
  private static final Log LOG = Log.of(Conflicts.class);

  private final Area area;

  Conflicts(Area area) {
    this.area = area;
  }

  /** Notes a reason; says so in the log once. */
  static void put(Connection c, String who, String reason) throws SQLException {
    Optional<String> known = find(c, who);
    if (known.isEmpty() || !known.get().equals(reason)) {
      LOG.warn("directory.conflict", "who", who, "reason", reason);
      Sql.update(
          c, "INSERT OR REPLACE INTO directory_conflicts (upn, reason) VALUES (?, ?)", who, reason);
    }
  }

  static void settle(Connection c, String who) throws SQLException {
    if (find(c, who).isPresent()) {
      Sql.update(c, "DELETE FROM directory_conflicts WHERE upn = ?", who);
    }
  }

  /** Forgets what the next attempt will find again; collisions stay until they are settled. */
  static void clear(Connection c) throws SQLException {
    Claims.settle(c);
    Sql.update(
        c, "DELETE FROM directory_conflicts WHERE upn NOT IN (SELECT who FROM directory_claims)");
  }

  static Optional<String> find(Connection c, String who) throws SQLException {
    return Sql.first(
        c, "SELECT reason FROM directory_conflicts WHERE upn = ?", row -> row.getString(1), who);
  }

  /** What is noted about the account, or who else claims an id that it has. */
  Optional<String> of(AccountName name) {
    return area.read(
        connection -> {
          Optional<String> noted = find(connection, name.upn());
          Optional<StoredPerson> known = People.byName(connection, name);
          if (noted.isPresent() || known.isEmpty()) {
            return noted;
          }
          StoredPerson person = known.get();
          return Claims.rival(
                  connection,
                  name.upn(),
                  new AssignedIds(person.uid(), person.gid(), person.basis()))
              .map(rival -> Collisions.reason("uid", person.uid(), name.upn(), rival));
        });
  }

  List<String> all() {
    return area.read(
        connection ->
            Sql.list(
                connection,
                "SELECT reason FROM directory_conflicts ORDER BY upn",
                row -> row.getString(1)));
  }
}
