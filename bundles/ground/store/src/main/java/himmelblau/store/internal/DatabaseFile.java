package himmelblau.store.internal;

import himmelblau.api.store.StoreException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Ensures that the database is a regular file that only its owner can read. */
final class DatabaseFile {
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> NEW_FILE =
      PosixFilePermissions.asFileAttribute(OWNER_FILE);

  private DatabaseFile() {}

  /** Creates the directory of the file when that is missing. */
  static void prepareFolder(Path file) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null && !Files.isDirectory(directory)) {
        Files.createDirectories(directory, PrivateFolders.PRIVATE);
      }
    } catch (IOException e) {
      throw cannotCreate(file, e);
    }
  }

  /** Creates the file when there is none. */
  static void prepare(Path file) {
    try {
      try {
        // Exclusive and with its mode from the first moment on; SQLite gives the mode on to the
        // files beside it.
        Files.createFile(file, NEW_FILE);
      } catch (FileAlreadyExistsException existing) {
        tighten(file);
      }
    } catch (IOException e) {
      throw cannotCreate(file, e);
    }
  }

  private static StoreException cannotCreate(Path file, IOException e) {
    return new StoreException(
        "The store cannot be created at "
            + file
            + ": "
            + e
            + ". Check db_path and who owns its directory.",
        e);
  }

  private static void tighten(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new StoreException(
          "The store " + file + " is not a plain file. Remove what is there, or change db_path.");
    }
    if (!Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).equals(OWNER_FILE)) {
      Files.setPosixFilePermissions(file, OWNER_FILE);
    }
  }
}
