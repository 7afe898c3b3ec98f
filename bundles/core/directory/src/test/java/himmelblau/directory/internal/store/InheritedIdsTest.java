package himmelblau.directory.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.testing.doubles.SqliteArea;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ids that were fixed with Himmelblau become fixed ids of ours, but for those that nobody may have.
 */
class InheritedIdsTest {
  @TempDir Path directory;

  @Test
  void whatTheStoreInheritedIsTakenOver() throws Exception {
    Path file = directory.resolve("db");
    try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement s = c.createStatement()) {
      s.executeUpdate("CREATE TABLE store_inherited_user (upn, uid, gid)");
      s.executeUpdate("CREATE TABLE store_inherited_group (object_id, gid)");
      s.executeUpdate(
          """
          INSERT INTO store_inherited_user VALUES
            ('fixed@example.onmicrosoft.com', 70001, 70002),
            ('root@example.onmicrosoft.com', 0, 70003),
            ('system@example.onmicrosoft.com', 70003, 999),
            ('dynamic@example.onmicrosoft.com', 61184, 70004)
          """);
      s.executeUpdate(
          """
          INSERT INTO store_inherited_group VALUES
            ('10000000-0000-4000-8000-00000000000a', 70010),
            ('10000000-0000-4000-8000-00000000000b', 27),
            ('10000000-0000-4000-8000-00000000000c', 65534)
          """);
    }
    try (SqliteArea area = DirectoryTables.in(file)) {
      assertEquals(
          List.of("fixed@example.onmicrosoft.com 70001 70002"),
          all(area, "SELECT upn || ' ' || uid || ' ' || gid FROM directory_static_users"));
      assertEquals(
          List.of("10000000-0000-4000-8000-00000000000a 70010"),
          all(area, "SELECT object_id || ' ' || gid FROM directory_static_groups"));
    }
  }

  private static List<String> all(SqliteArea area, String query) throws SQLException {
    return area.<List<String>>read(c -> Sql.list(c, query, row -> row.getString(1)));
  }
}
