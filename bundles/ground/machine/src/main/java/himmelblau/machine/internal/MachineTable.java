package himmelblau.machine.internal;

import himmelblau.api.store.Area;
import himmelblau.api.store.Query;
import himmelblau.api.store.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The machine keys in the store. */
final class MachineTable {
  /** Name of the area. */
  static final String AREA = "machine";

  /** Migrations of the area; only ever appended to. */
  static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE machine_key (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            store TEXT NOT NULL,
            blob BLOB NOT NULL,
            opened_by INTEGER REFERENCES machine_key(id),
            auth BLOB,
            current INTEGER NOT NULL,
            CHECK ((opened_by IS NULL) = (auth IS NULL))
          );
          CREATE UNIQUE INDEX machine_key_current ON machine_key(current) WHERE current = 1;
          CREATE TABLE machine_vault (
            name TEXT PRIMARY KEY,
            store TEXT,
            spec TEXT,
            pin INTEGER,
            blob BLOB NOT NULL
          );
          """);

  private final Area area;

  MachineTable(Area area) {
    this.area = area;
  }

  static MachineTable in(Store store) {
    return new MachineTable(store.area(AREA, MIGRATIONS));
  }

  Area area() {
    return area;
  }

  List<KeyRow> rows() {
    return area.read(MachineTable::rows);
  }

  /** All or nothing. */
  <T extends @Nullable Object> T write(Query<T> query) {
    return area.write(query);
  }

  private static List<KeyRow> rows(Connection connection) throws SQLException {
    List<KeyRow> rows = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT id, store, blob, opened_by, auth, current FROM machine_key ORDER BY id");
        ResultSet result = select.executeQuery()) {
      while (result.next()) {
        long by = result.getLong(4);
        OptionalLong openedBy = result.wasNull() ? OptionalLong.empty() : OptionalLong.of(by);
        rows.add(
            new KeyRow(
                result.getLong(1),
                result.getString(2),
                result.getBytes(3),
                openedBy,
                Optional.ofNullable(result.getBytes(5)),
                result.getInt(6) == 1));
      }
    }
    return List.copyOf(rows);
  }

  /** Makes the table hold exactly these rows. Only within {@link #write}. */
  static void replaceAll(Connection connection, List<KeyRow> rows) throws SQLException {
    try (PreparedStatement clear =
            connection.prepareStatement("UPDATE machine_key SET current = 0");
        PreparedStatement upsert =
            connection.prepareStatement(
                "INSERT INTO machine_key (store, blob, opened_by, auth, current, id)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET store ="
                    + " excluded.store, blob = excluded.blob, opened_by = excluded.opened_by, auth"
                    + " = excluded.auth, current = excluded.current")) {
      clear.executeUpdate();
      for (KeyRow row : inOrder(rows)) {
        bind(upsert, row);
        upsert.setLong(6, row.id());
        upsert.executeUpdate();
      }
    }
  }

  /** Those that others refer to first. */
  private static List<KeyRow> inOrder(List<KeyRow> rows) {
    return rows.stream().sorted(Comparator.comparing(row -> row.openedBy().isPresent())).toList();
  }

  private static void bind(PreparedStatement statement, KeyRow row) throws SQLException {
    statement.setString(1, row.store());
    statement.setBytes(2, row.blob());
    if (row.openedBy().isPresent()) {
      statement.setLong(3, row.openedBy().getAsLong());
    } else {
      statement.setNull(3, Types.INTEGER);
    }
    statement.setBytes(4, row.auth().orElse(null));
    statement.setInt(5, row.current() ? 1 : 0);
  }
}
