package himmelblau.api.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Work on a connection, which must not be kept, committed or closed. */
@FunctionalInterface
public interface Query<T extends @Nullable Object> {
  T run(Connection connection) throws SQLException;
}
