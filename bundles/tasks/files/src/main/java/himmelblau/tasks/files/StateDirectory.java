package himmelblau.tasks.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where the root helper keeps what it must remember; root's alone. */
public final class StateDirectory {
  private static final Path PATH = Path.of("/var/lib/himmelblaud-tasks");

  private StateDirectory() {}

  /** The directory's path; makes it if it is not there. */
  public static String make() throws IOException {
    if (!Files.isDirectory(PATH)) {
      Files.createDirectory(
          PATH, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return PATH.toString();
  }
}
