package himmelblau.store.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.log.Log;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Ids that an administrator had fixed with Himmelblau, in two tables of the store: the area of the
 * directory imports them with one of its migrations.
 */
final class InheritedIds {
  private static final Log LOG = Log.of(InheritedIds.class);
  private static final Pattern OBJECT_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final long LARGEST_ID = 0xFFFF_FFFEL;

  private InheritedIds() {}

  static void create(Connection connection) throws SQLException {
    Connections.execute(
        connection,
        "CREATE TABLE IF NOT EXISTS store_inherited_user ("
            + "upn TEXT PRIMARY KEY, uid INTEGER NOT NULL, gid INTEGER NOT NULL) STRICT",
        "CREATE TABLE IF NOT EXISTS store_inherited_group ("
            + "object_id TEXT PRIMARY KEY, gid INTEGER NOT NULL) STRICT");
  }

  /** Copies the usable rows; rows that no lookup could have found are omitted. */
  static void copy(DatabaseCopy from, Connection to) throws SQLException {
    Set<String> tables = from.tables();
    int users = 0;
    int groups = 0;
    if (tables.contains("static_users")) {
      users =
          copy(
              from.connection(),
              "SELECT name, uid, gid FROM static_users",
              to,
              "INSERT OR IGNORE INTO store_inherited_user VALUES (?, ?, ?)",
              name -> AccountName.parse(name).map(AccountName::upn));
    }
    if (tables.contains("static_groups")) {
      groups =
          copy(
              from.connection(),
              "SELECT name, gid FROM static_groups",
              to,
              "INSERT OR IGNORE INTO store_inherited_group VALUES (?, ?)",
              name ->
                  Optional.of(name.toLowerCase(Locale.ROOT)).filter(OBJECT_ID.asMatchPredicate()));
    }
    LOG.info("store.fixed_ids_inherited", "users", users, "groups", groups);
  }

  private static int copy(
      Connection from,
      String query,
      Connection to,
      String insert,
      Function<String, Optional<String>> keys)
      throws SQLException {
    int count = 0;
    try (Statement statement = from.createStatement();
        ResultSet row = statement.executeQuery(query);
        PreparedStatement put = to.prepareStatement(insert)) {
      int ids = row.getMetaData().getColumnCount();
      while (row.next()) {
        String name = row.getString(1);
        Optional<String> key = name == null ? Optional.empty() : keys.apply(name);
        boolean usable = key.isPresent();
        for (int i = 2; usable && i <= ids; i++) {
          usable = row.getLong(i) > 0 && row.getLong(i) <= LARGEST_ID;
        }
        if (!usable) {
          continue;
        }
        put.setString(1, key.get());
        for (int i = 2; i <= ids; i++) {
          put.setLong(i, row.getLong(i));
        }
        count += put.executeUpdate();
      }
    }
    return count;
  }
}
