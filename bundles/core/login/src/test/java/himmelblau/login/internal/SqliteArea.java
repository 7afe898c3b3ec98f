package himmelblau.login.internal;

import himmelblau.api.store.Area;
import himmelblau.api.store.Query;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A real SQLite file behind {@link Area}. */
public final class SqliteArea implements Area {
  private final String url;

  public SqliteArea(Path file, List<String> migrations) {
    url = "jdbc:sqlite:" + file;
    try (Connection c = DriverManager.getConnection(url);
        Statement s = c.createStatement()) {
      for (String script : migrations) {
        s.executeUpdate(script);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public <T extends @Nullable Object> T read(Query<T> query) {
    return write(query);
  }

  @Override
  public synchronized <T extends @Nullable Object> T write(Query<T> query) {
    try (Connection c = DriverManager.getConnection(url)) {
      c.setAutoCommit(false);
      T result = query.run(c);
      c.commit();
      return result;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
