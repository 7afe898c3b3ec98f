package himmelblau.tasks.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The directory in which the root helper stores its state; accessible to root only. */
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
