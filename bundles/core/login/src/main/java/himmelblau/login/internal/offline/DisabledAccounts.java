package himmelblau.login.internal.offline;

import himmelblau.api.account.AccountName;
import himmelblau.api.store.Area;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Accounts that the directory reported as disabled or deleted, at a sign-in or in a lookup, and of
 * which it has not said since that they are enabled, nor let them sign in. Stored by name, so that
 * the entry survives when other data of the user is deleted. Each method is one transaction.
 */
public final class DisabledAccounts {
  static final String MIGRATION = "CREATE TABLE login_shut_out (upn TEXT PRIMARY KEY);";

  private final Area area;

  public DisabledAccounts(Area area) {
    this.area = area;
  }

  public boolean has(AccountName name) {
    return area.read(c -> has(c, name));
  }

  public void add(AccountName name) {
    write("INSERT OR IGNORE INTO login_shut_out VALUES (?)", name);
  }

  /** Writes nothing if there is nothing to remove. */
  public void remove(AccountName name) {
    if (has(name)) {
      write("DELETE FROM login_shut_out WHERE upn = ?", name);
    }
  }

  private static boolean has(Connection c, AccountName name) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT 1 FROM login_shut_out WHERE upn = ?")) {
      s.setString(1, name.upn());
      try (ResultSet row = s.executeQuery()) {
        return row.next();
      }
    }
  }

  private void write(String sql, AccountName name) {
    area.<@Nullable Void>write(
        c -> {
          try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setString(1, name.upn());
            s.executeUpdate();
          }
          return null;
        });
  }
}
