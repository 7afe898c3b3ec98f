package himmelblau.hello.internal;

import himmelblau.api.hello.UnlockedKey;
import himmelblau.hello.internal.HelloTable.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * The key of a user below another machine key, with its items sealed again.
 *
 * @param before as it is on the disk
 * @param after as it shall be, under a generation of its own
 * @param items every item that is sealed with the key
 */
record MigratedHelloKey(Entry before, Entry after, List<Item> items) {
  /** An item before and after the migration. */
  record Item(UnlockedKey.Item item, byte[] before, byte[] after) {}

  /** Writes everything in one transaction; false if anything was changed in the meantime. */
  boolean apply(Connection connection) throws SQLException {
    try (PreparedStatement key =
        connection.prepareStatement(
            "UPDATE hello_key SET generation = ?, store = ?, blob = ?"
                + " WHERE object_id = ? AND generation = ?")) {
      key.setString(1, after.generation());
      key.setString(2, after.key().store());
      key.setBytes(3, after.key().blob());
      key.setString(4, before.owner().toString());
      key.setString(5, before.generation());
      if (key.executeUpdate() != 1) {
        return false;
      }
    }
    for (Item item : items) {
      if (!apply(connection, item)) {
        return false;
      }
    }
    return true;
  }

  private boolean apply(Connection connection, Item item) throws SQLException {
    try (PreparedStatement value =
        connection.prepareStatement(
            "UPDATE hello_item SET sealed = ?"
                + " WHERE object_id = ? AND item = ? AND sealed = ?")) {
      value.setBytes(1, item.after());
      value.setString(2, before.owner().toString());
      value.setString(3, item.item().name());
      value.setBytes(4, item.before());
      return value.executeUpdate() == 1;
    }
  }
}
