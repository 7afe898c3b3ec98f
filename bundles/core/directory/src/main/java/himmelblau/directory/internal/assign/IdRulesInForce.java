package himmelblau.directory.internal.assign;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.store.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The id rules that are in effect. A changed configuration takes effect at once, unless users or
 * groups would get other ids: their files and processes keep the old ones, so an administrator, or
 * the next start, applies the change (decision 0580). Thread-safe.
 */
public final class IdRulesInForce {
  private static final Log LOG = Log.of(IdRulesInForce.class);
  private static final String REMEDY =
      ". Nothing has been changed yet. \"aad-tool idmap reassign --dry-run\" shows the new "
          + "ids; they are assigned by \"aad-tool idmap reassign\" or at the next start of "
          + "himmelblaud. To keep the ids, restore the option";

  private final Area area;
  private @Nullable IdRules inForce; // guarded by this; null until the first ids are made
  private @Nullable IdRules wanted; // guarded by this
  private @Nullable String held; // guarded by this

  public IdRulesInForce(Area area) {
    this.area = area;
  }

  /** The rules that are in effect, if the configuration contains {@code configured}. */
  public synchronized IdRules choose(IdRules configured) {
    if (inForce == null) {
      return configured;
    }
    IdRules asked = configured.and(inForce);
    IdRules kept = inForce.and(asked); // a domain that is new has no ids yet
    boolean fresh = !asked.equals(wanted);
    wanted = asked;
    inForce = kept;
    Optional<String> affected = asked.equals(kept) ? Optional.empty() : affected(kept, asked);
    if (affected.isEmpty()) {
      held = null;
      inForce = asked;
      if (fresh && !asked.equals(kept)) {
        LOG.audit(AuditKind.CONFIGURATION, AuditOutcome.SUCCESS)
            .info("directory.rules_changed", "now", asked.unlike(kept));
      }
    } else {
      held =
          "The configuration requires different ids ("
              + asked.unlike(kept)
              + "), but "
              + affected.get()
              + " already have ids, and files that are owned by them"
              + REMEDY;
      if (fresh) {
        LOG.audit(AuditKind.CONFIGURATION, AuditOutcome.DENIED)
            .warn("directory.rules_held", "reason", held);
      }
    }
    return inForce;
  }

  /** Puts {@code configured} into effect. */
  public synchronized void adopt(IdRules configured) {
    inForce = inForce == null ? configured : configured.and(inForce);
    held = null;
  }

  /** Whether ids were assigned by these rules, so that a change has to be checked. */
  public synchronized boolean begun() {
    return inForce != null;
  }

  /** The change that waits for an administrator. */
  public synchronized Optional<String> held() {
    return Optional.ofNullable(held);
  }

  /** The number of users and groups that would get other ids, as text. */
  private Optional<String> affected(IdRules before, IdRules asked) {
    Set<String> old = new HashSet<>(before.bases());
    old.removeAll(asked.bases());
    // The name replaces an id that the directory has not returned: the id from the name.
    old.removeIf(
        basis ->
            basis.startsWith("provisional:")
                && asked.bases().contains(basis.replace("provisional:", "name:")));
    return area.read(
        connection -> {
          long users = count(connection, "directory_people", old);
          long groups = count(connection, "directory_groups", old);
          return users + groups == 0
              ? Optional.<String>empty()
              : Optional.of(
                  number(users, "user", "users") + " and " + number(groups, "group", "groups"));
        });
  }

  private static String number(long number, String one, String more) {
    return number + " " + (number == 1 ? one : more);
  }

  private static long count(Connection connection, String table, Set<String> bases)
      throws SQLException {
    long all = 0;
    for (String basis : bases) {
      all +=
          Sql.first(
                  connection,
                  "SELECT count(*) FROM " + table + " WHERE basis = ?",
                  row -> row.getLong(1),
                  basis)
              .orElse(0L);
    }
    return all;
  }
}
