package himmelblau.store.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The schema of Himmelblau's database, and the ids that it assigned. */
final class HimmelblauTables {
  /** Tables that every version of it has. */
  static final Set<String> SCHEMA = Set.of("account_t", "group_t", "memberof_t", "db_version_t");

  private static final long LARGEST_ID = 0xFFFF_FFFEL;

  private HimmelblauTables() {}

  /**
   * The ids as lines of getent passwd (by user principal name) and getent group (by object id).
   * Rows without a valid name or id are omitted.
   */
  static List<String> ids(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        lines(connection, "SELECT spn, gidnumber FROM account_t ORDER BY spn", "%s:x:%d:%2$d:::"));
    lines.addAll(
        lines(connection, "SELECT uuid, gidnumber FROM group_t ORDER BY uuid", "%s:x:%d:"));
    return lines;
  }

  private static List<String> lines(Connection connection, String query, String line)
      throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        String name = rows.getString(1);
        long id = rows.getLong(2);
        if (name != null && name.matches("[^:\\p{Cntrl}]{1,512}") && id > 0 && id <= LARGEST_ID) {
          lines.add(String.format(Locale.ROOT, line, name, id));
        }
      }
    }
    return lines;
  }
}
