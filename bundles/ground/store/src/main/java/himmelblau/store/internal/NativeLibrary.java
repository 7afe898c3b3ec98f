package himmelblau.store.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.OSInfo;

/**
 * Extracts SQLite's native library into a private directory, once per version. By default the
 * driver extracts it to the world-writable /tmp at every start.
 */
final class NativeLibrary {
  private static final Log LOG = Log.of(NativeLibrary.class);
  private static final String LIBRARY_PATH = "org.sqlite.lib.path";
  private static final String LIBRARY_NAME = "org.sqlite.lib.name";
  private static final String TEMPORARY = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /** Prepares {@code directory}; if the driver's own properties are set, they are kept. */
  static void prepare(Path directory) {
    if (System.getProperty(LIBRARY_PATH) != null) {
      return;
    }
    try {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (System.getProperty(TEMPORARY) == null) {
        System.setProperty(TEMPORARY, directory.toString()); // the driver's way out
      }
      String name = "libsqlitejdbc-" + SQLiteJDBCLoader.getVersion() + ".so";
      Path library = directory.resolve(name);
      if (!Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS)) {
        extract(library);
      }
      System.setProperty(LIBRARY_PATH, directory.toString());
      System.setProperty(LIBRARY_NAME, name);
    } catch (IOException e) {
      LOG.warn("store.native_library.not_kept", "directory", directory, "reason", e);
    }
  }

  private static void extract(Path library) throws IOException {
    String resource =
        "/org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS() + "/libsqlitejdbc.so";
    Path half = library.resolveSibling(library.getFileName() + ".new");
    try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (packed == null) {
        throw new IOException("The driver has no library for this machine: " + resource);
      }
      Files.copy(packed, half, StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
      channel.force(
          true); // a file with this name must never be incomplete, not even after a power failure
    }
    Files.move(half, library, StandardCopyOption.ATOMIC_MOVE);
  }
}
