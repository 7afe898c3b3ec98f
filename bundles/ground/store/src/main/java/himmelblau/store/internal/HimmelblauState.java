package himmelblau.store.internal;

import himmelblau.api.log.Log;
import himmelblau.api.store.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of Himmelblau on a host where this program replaces it. Its database has the same path
 * as ours and contains keys that only its own key store can open, so it is moved unchanged into a
 * directory beside it. None of it is ever deleted.
 */
final class HimmelblauState {
  /** Folders of this name, and with -2, -3 … after it. */
  static final String FOLDER = "replaced-himmelblau";

  /** The ids that Himmelblau gave, as lines of getent passwd and getent group. */
  static final String IDS = "ids";

  /** A copy of the ids that an administrator had fixed. */
  static final String FIXED_IDS = "idmap.cache.db";

  private static final Log LOG = Log.of(HimmelblauState.class);

  private final Path store;
  private final Path beside;
  private final Path fixedIds;

  /**
   * @param store where our store is to be
   * @param fixedIds where Himmelblau keeps ids that an administrator fixed
   */
  HimmelblauState(Path store, Path fixedIds) {
    this.store = store.toAbsolutePath();
    this.beside = this.store.resolveSibling(FOLDER);
    this.fixedIds = fixedIds;
  }

  /**
   * Moves Himmelblau's database away if it exists. A move that was interrupted (the machine went
   * down) is completed.
   *
   * @throws StoreException if that cannot be done; the database is then at its old path
   */
  void setAside() {
    Optional<SqliteHeader> header = SqliteHeader.of(store);
    if (header.isEmpty() || header.get().ours()) {
      return;
    }
    try {
      Optional<Path> begun = folders().stream().filter(this::begun).findFirst();
      try (DatabaseCopy copy = DatabaseCopy.of(store)) {
        boolean whole = copy.tables().containsAll(HimmelblauTables.SCHEMA);
        // The rest of an interrupted move may have its tables in the write-ahead log only.
        if (!whole && (begun.isEmpty() || !copy.tables().isEmpty())) {
          return; // of yet another program, which the store refuses
        }
        Path folder = begun.isPresent() ? begun.get() : created();
        if (whole && !Files.exists(folder.resolve(IDS))) {
          DatabaseCopy.copy(fixedIds, folder.resolve(FIXED_IDS));
          Path half = folder.resolve(IDS + ".new");
          Files.write(half, HimmelblauTables.ids(copy.connection()));
          Files.move(half, folder.resolve(IDS), StandardCopyOption.ATOMIC_MOVE);
        }
        move(folder);
      }
    } catch (SQLException e) {
      throw SqliteFailures.explain(store, e);
    } catch (IOException e) {
      throw new StoreException(
          "The store "
              + store
              + " is Himmelblau's database and cannot be moved into a folder beside it ("
              + e
              + "). Check who owns the directory and whether there is room; nothing was deleted.",
          e);
    }
  }

  /** The directories of moved states, oldest first. */
  List<Path> setAsideBefore() {
    try {
      return folders().stream().filter(this::complete).toList();
    } catch (IOException e) {
      return List.of(); // no directory, so nothing in it
    }
  }

  /** What an administrator should know for as long as the folder is there. */
  static String notice(Path folder) {
    return "The state of Himmelblau was moved to "
        + folder
        + "; nothing was deleted. Every user enrols a new PIN at the next sign-in; user ids, "
        + "homes and subordinate ids stay the same (compare: aad-tool idmap check --against "
        + folder.resolve(IDS)
        + "). Delete the folder when you no longer need to go back to Himmelblau; this message "
        + "then disappears.";
  }

  /** Copies ids that an administrator had fixed with Himmelblau to tables of the store. */
  void handOver(Connection connection) throws SQLException {
    List<Path> folders = setAsideBefore();
    if (folders.isEmpty()) {
      return;
    }
    Path fixed = folders.getLast().resolve(FIXED_IDS);
    if (!Files.isRegularFile(fixed, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DatabaseCopy copy = DatabaseCopy.of(fixed)) {
      InheritedIds.copy(copy, connection);
    } catch (IOException | SQLException e) {
      throw new StoreException(
          "The fixed ids of Himmelblau cannot be imported from "
              + fixed
              + " ("
              + e.getMessage()
              + "). Repair that file, or move it away to continue without them.",
          e);
    }
  }

  /** The database is moved last: as long as it exists, the move is incomplete. */
  private void move(Path folder) throws IOException {
    PrivateFolders.sync(folder);
    for (Path from : files()) {
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(from, folder.resolve(from.getFileName()), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    PrivateFolders.sync(folder);
    PrivateFolders.sync(store.getParent());
    LOG.warn(
        "store.himmelblau_replaced",
        "from",
        store,
        "to",
        folder,
        "effect",
        "nothing was deleted; every user enrols a new PIN at the next sign-in, ids and homes "
            + "stay the same");
  }

  private List<Path> files() {
    return Stream.of("-shm", "-wal", "-journal", "")
        .map(suffix -> store.resolveSibling(store.getFileName() + suffix))
        .toList();
  }

  /** Whether a move into the folder was cut short; one that would replace a file was not. */
  private boolean begun(Path folder) {
    return !complete(folder)
        && files().stream()
            .noneMatch(
                from -> Files.exists(from) && Files.exists(folder.resolve(from.getFileName())));
  }

  private boolean complete(Path folder) {
    return Files.exists(folder.resolve(store.getFileName()), LinkOption.NOFOLLOW_LINKS);
  }

  private Path created() throws IOException {
    Path folder = beside;
    for (int i = 2; Files.exists(folder, LinkOption.NOFOLLOW_LINKS); i++) {
      folder = beside.resolveSibling(FOLDER + "-" + i);
    }
    return Files.createDirectory(folder, PrivateFolders.PRIVATE);
  }

  private List<Path> folders() throws IOException {
    List<Path> found = new ArrayList<>();
    Path parent = beside.getParent();
    if (parent != null && Files.isDirectory(parent)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, FOLDER + "*")) {
        for (Path entry : entries) {
          if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            found.add(entry);
          }
        }
      }
    }
    // -10 comes after -9
    found.sort(
        Comparator.comparingInt((Path folder) -> folder.toString().length())
            .thenComparing(Comparator.naturalOrder()));
    return found;
  }
}
