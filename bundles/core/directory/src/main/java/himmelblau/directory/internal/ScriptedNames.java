package himmelblau.directory.internal;

import himmelblau.api.store.Area;
import java.util.Locale;
import java.util.Optional;

/** What the name mapping script said, so that it runs once for each name. */
final class ScriptedNames {
  private final Area area;

  ScriptedNames(Area area) {
    this.area = area;
  }

  Optional<String> upnOf(String name) {
    return area.read(
        connection ->
            Sql.first(
                connection,
                "SELECT upn FROM directory_scripted_names WHERE name = ?",
                row -> row.getString(1),
                name));
  }

  Optional<String> nameOf(String upn) {
    return area.read(
        connection ->
            Sql.first(
                connection,
                "SELECT name FROM directory_scripted_names WHERE upn = ? ORDER BY name",
                row -> row.getString(1),
                upn));
  }

  void remember(String name, String upn) {
    area.write(
        connection ->
            Sql.update(
                connection,
                "INSERT OR REPLACE INTO directory_scripted_names (name, upn) VALUES (?, ?)",
                name,
                upn.toLowerCase(Locale.ROOT)));
  }

  void clear() {
    area.write(connection -> Sql.update(connection, "DELETE FROM directory_scripted_names"));
  }
}
