package himmelblau.store.internal;

import himmelblau.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Translates SQLite errors to messages for administrators. */
final class SqliteFailures {
  private static final long SMALLEST = 64 << 10;

  private SqliteFailures() {}

  /** Whether the disk has no room. */
  static boolean full(Path file, SQLException failure) {
    SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff);
    return code == SQLiteErrorCode.SQLITE_FULL
        || (code == SQLiteErrorCode.SQLITE_IOERR && noRoom(file));
  }

  /** The shared memory beside the file does not say why it could not grow. */
  private static boolean noRoom(Path file) {
    try {
      return Files.getFileStore(file).getUsableSpace() < SMALLEST;
    } catch (IOException e) {
      return false;
    }
  }

  static StoreException explain(Path file, SQLException failure) {
    // The low byte is the primary code (https://www.sqlite.org/rescode.html).
    SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff);
    String meaning =
        switch (code) {
          case SQLITE_FULL ->
              "the disk is full. Nothing was changed; free space on the file system";
          case SQLITE_CORRUPT ->
              "the file is damaged. Stop the daemon and restore it from a backup, or move it away"
                  + " and enrol this machine again";
          case SQLITE_NOTADB ->
              "the file is not an SQLite database. Move it away, or set another db_path";
          case SQLITE_BUSY, SQLITE_LOCKED ->
              "another program holds a lock on the file. End it and try again";
          case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN ->
              "the file cannot be written. Check who owns it and its directory, and whether the"
                  + " file system is read-only";
          case SQLITE_IOERR -> "reading or writing failed. Check the disk; nothing was changed";
          default -> "the database refused";
        };
    return new StoreException(
        "The store " + file + ": " + meaning + ". (" + failure.getMessage() + ")",
        failure,
        full(file, failure));
  }
}
