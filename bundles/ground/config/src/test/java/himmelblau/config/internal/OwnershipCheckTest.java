package himmelblau.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs as root, as builds and tests do; files of other users need a chown. */
class OwnershipCheckTest {
  @TempDir Path root;
  private Path file;

  @BeforeEach
  void file() throws Exception {
    Path self = Path.of("/proc/self");
    Assumptions.assumeTrue(Files.getAttribute(self, "unix:uid").equals(0), "not root");
    file = Files.writeString(Files.createDirectory(root.resolve("conf")).resolve("x.conf"), "a");
    mode(file, "rw-r--r--");
    mode(file.getParent(), "rwxr-xr-x");
  }

  private static void mode(Path path, String mode) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private String only() {
    List<String> warnings = OwnershipCheck.warnings(List.of(file));
    assertEquals(1, warnings.size(), warnings.toString());
    return warnings.get(0);
  }

  @Test
  void rootsOwnIsWell() {
    assertEquals(List.of(), OwnershipCheck.warnings(List.of(file)));
  }

  @Test
  void aFileThatOthersMayWrite() throws Exception {
    mode(file, "rw-rw-r--");
    assertEquals(
        file + " can be changed by users other than its owner (mode 0664); run chmod go-w on it",
        only());
    mode(file, "rw-r--rw-");
    assertTrue(only().contains("mode 0646"));
  }

  @Test
  void aFileOfAnotherUser() throws Exception {
    Files.setAttribute(file, "unix:uid", 4242);
    assertEquals(file + " can be changed by its owner, uid 4242; change its owner to root", only());
  }

  @Test
  void aFolderThatOthersMayWrite() throws Exception {
    mode(file.getParent(), "rwxrwxrwx");
    assertTrue(only().startsWith(file.getParent() + " can be changed by users other"));
    Files.setAttribute(file.getParent(), "unix:mode", 01777);
    assertEquals(
        List.of(), OwnershipCheck.warnings(List.of(file)), "nobody replaces others' files");
  }
}
