package himmelblau.store.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A copy of another program's database, so that it can be read: reading the original would change
 * the files beside it. The copy is deleted when closed.
 */
final class DatabaseCopy implements AutoCloseable {
  private static final String FOLDER = ".reading";

  private final Path folder;
  private final Connection connection;

  private DatabaseCopy(Path folder, Connection connection) {
    this.folder = folder;
    this.connection = connection;
  }

  static DatabaseCopy of(Path database) throws IOException, SQLException {
    Path folder = database.toAbsolutePath().resolveSibling(FOLDER);
    PrivateFolders.delete(folder); // of a process that was killed
    Files.createDirectory(folder, PrivateFolders.PRIVATE);
    boolean good = false;
    try {
      Path copied = folder.resolve("copy");
      copy(database, copied);
      Connection connection = Connections.reader(copied);
      good = true;
      return new DatabaseCopy(folder, connection);
    } finally {
      if (!good) {
        PrivateFolders.delete(folder);
      }
    }
  }

  /** Copies a database with its write-ahead log or journal; nothing when there is none. */
  static void copy(Path database, Path to) throws IOException {
    for (String suffix : List.of("", "-wal", "-journal")) {
      Path from = database.resolveSibling(database.getFileName() + suffix);
      if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
        Files.copy(
            from,
            to.resolveSibling(to.getFileName() + suffix),
            LinkOption.NOFOLLOW_LINKS,
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  Connection connection() {
    return connection;
  }

  Set<String> tables() throws SQLException {
    Set<String> names = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Override
  public void close() throws IOException, SQLException {
    try {
      connection.close();
    } finally {
      PrivateFolders.delete(folder);
    }
  }
}
