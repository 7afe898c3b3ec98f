package himmelblau.directory.internal.store;

import himmelblau.api.account.AccountName;
import himmelblau.api.log.Log;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.ids.AssignedIds;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Users that cannot be given ids on this host, with the reason. If two collide, neither may sign in
 * until an administrator has decided: the order in which a host saw them must not decide. The same
 * holds for an account that was deleted and created again. Any other result is valid for some
 * minutes only, and only as long as the id rules and local accounts do not change: the cause may
 * change in the directory, and nothing else would trigger a new check.
 */
public final class IdConflicts {
  private static final Log LOG = Log.of(IdConflicts.class);
  private static final Duration COUNTS = Duration.ofMinutes(5);

  /** Conflicts that only an administrator can resolve. */
  private static final String DECIDED_BY_USERS =
      "(lasting = 1 OR upn IN (SELECT who FROM directory_claims))";

  /** The remedy in the reason for a collision. */
  public static final String REMEDY =
      "; assign another id to one of them with aad-tool idmap user-add";

  private final Area area;

  public IdConflicts(Area area) {
    this.area = area;
  }

  /** The reason for two objects with one id. */
  public static String reason(String kind, long id, String who, String other) {
    return kind + " " + id + " of " + who + " is also that of " + other + REMEDY;
  }

  /** Records a reason, and logs it once. */
  public static void put(Connection c, String who, String reason) throws SQLException {
    Optional<String> known = find(c, who);
    if (known.isEmpty() || !known.get().equals(reason)) {
      LOG.warn("directory.conflict", "who", who, "reason", reason);
    }
    Sql.update(
        c,
        "INSERT INTO directory_conflicts (upn, reason, noted, lasting) VALUES (?, ?, ?, 0)"
            + " ON CONFLICT (upn) DO UPDATE SET reason = excluded.reason, noted = excluded.noted",
        who,
        reason,
        Instant.now().getEpochSecond());
  }

  /** Makes the conflict of {@code who} permanent until an administrator has decided. */
  public static void last(Connection c, String who) throws SQLException {
    Sql.update(c, "UPDATE directory_conflicts SET lasting = 1 WHERE upn = ?", who);
  }

  /** Whether an administrator has to decide about an account that was deleted and created again. */
  public static boolean lasts(Connection c, String who) throws SQLException {
    return Sql.first(
            c,
            "SELECT 1 FROM directory_conflicts WHERE upn = ? AND lasting = 1",
            row -> row.getLong(1),
            who)
        .isPresent();
  }

  public static void settle(Connection c, String who) throws SQLException {
    if (find(c, who).isPresent()) {
      Sql.update(c, "DELETE FROM directory_conflicts WHERE upn = ?", who);
    }
  }

  /**
   * Deletes conflicts that the next attempt would detect again; collisions stay until they are
   * resolved.
   */
  public static void clear(Connection c) throws SQLException {
    IdClaims.settle(c);
    Sql.update(
        c, "DELETE FROM directory_conflicts WHERE upn NOT IN (SELECT who FROM directory_claims)");
  }

  /**
   * Called when the id rules or local accounts have changed: deletes conflicts that resulted from
   * the old ones.
   */
  public void reconsider() {
    area.write(
        connection -> {
          Sql.update(connection, "DELETE FROM directory_conflicts WHERE NOT " + DECIDED_BY_USERS);
          return true;
        });
  }

  private static Optional<String> find(Connection c, String who) throws SQLException {
    return Sql.first(
        c, "SELECT reason FROM directory_conflicts WHERE upn = ?", row -> row.getString(1), who);
  }

  /** The recorded conflict of the account, or another object that claims one of its ids. */
  public Optional<String> of(AccountName name) {
    Instant now = Instant.now();
    return area.read(
        connection -> {
          Optional<String> noted =
              Sql.first(
                  connection,
                  "SELECT reason FROM directory_conflicts WHERE upn = ? AND (noted BETWEEN ? AND ? OR "
                      + DECIDED_BY_USERS
                      + ")",
                  row -> row.getString(1),
                  name.upn(),
                  now.minus(COUNTS).getEpochSecond(),
                  now.getEpochSecond());
          Optional<StoredUser> known = UserTable.byName(connection, name);
          if (noted.isPresent() || known.isEmpty()) {
            return noted;
          }
          StoredUser user = known.get();
          return IdClaims.rival(
                  connection, name.upn(), new AssignedIds(user.uid(), user.gid(), user.basis()))
              .map(rival -> reason("uid", user.uid(), name.upn(), rival));
        });
  }

  public List<String> all() {
    return area.read(
        connection ->
            Sql.list(
                connection,
                "SELECT reason FROM directory_conflicts ORDER BY upn",
                row -> row.getString(1)));
  }
}
