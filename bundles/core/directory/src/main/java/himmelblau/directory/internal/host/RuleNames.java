package himmelblau.directory.internal.host;

import himmelblau.api.store.Area;
import himmelblau.directory.internal.store.Sql;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table of names that the access rules of this host mention, so that a start does not wait for
 * them.
 */
public final class RuleNames {
  /** Marks the table as filled: a host may have no rules. */
  private static final String KNOWN = "";

  private RuleNames() {}

  public static Optional<NamesInRules> read(Area area) {
    List<String> names =
        area.read(
            connection ->
                Sql.list(
                    connection, "SELECT name FROM directory_rule_names", row -> row.getString(1)));
    return names.isEmpty() ? Optional.empty() : Optional.of(NamesInRules.of(names));
  }

  public static void write(Area area, Set<String> names) {
    area.write(
        connection -> {
          Sql.update(connection, "DELETE FROM directory_rule_names");
          Sql.update(connection, "INSERT INTO directory_rule_names VALUES (?)", KNOWN);
          for (String name : names) {
            Sql.update(connection, "INSERT OR IGNORE INTO directory_rule_names VALUES (?)", name);
          }
          return true;
        });
  }
}
