package himmelblau.api.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Work on a connection, which must not be kept, committed or closed. */
@ConsumerType
@FunctionalInterface
public interface Query<T extends @Nullable Object> {
  T run(Connection connection) throws SQLException;
}
