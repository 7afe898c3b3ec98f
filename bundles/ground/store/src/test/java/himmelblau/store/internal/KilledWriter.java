package himmelblau.store.internal;

import himmelblau.api.store.Area;
import java.nio.file.Path;
import java.util.List;

/** A separate process: writes continuously and reports the completed transactions. */
final class KilledWriter {
  static final List<String> TABLES =
      List.of("CREATE TABLE kill_left (n INTEGER, pad BLOB); CREATE TABLE kill_right (n INTEGER)");

  private KilledWriter() {}

  public static void main(String[] words) {
    try (SqliteStore store = Stores.open(Path.of(words[0]))) {
      Area area = store.area("kill", TABLES);
      for (int i = 1; ; i++) {
        int n = i;
        area.write(
            c -> {
              Connections.execute(
                  c,
                  "INSERT INTO kill_left VALUES (" + n + ", randomblob(20000))",
                  "INSERT INTO kill_right VALUES (" + n + ")");
              return null;
            });
        System.out.println(n);
      }
    }
  }
}
