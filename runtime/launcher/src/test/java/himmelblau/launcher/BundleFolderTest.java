package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BundleFolderTest {
  private Path root;
  private Path folder;
  private Path jar;

  /** Where only root may write, all the way up. */
  @BeforeEach
  void build() throws Exception {
    assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "needs root");
    root = Files.createTempDirectory(Path.of("/var/lib"), "himmelblau-test");
    folder = Files.createDirectories(root.resolve("above/plugins"));
    jar = Files.writeString(folder.resolve("a.jar"), "jar");
    for (Path path : List.of(root, folder.getParent(), folder)) {
      mode(path, "rwxr-xr-x");
    }
    mode(jar, "rw-r--r--");
  }

  @AfterEach
  void remove() throws Exception {
    if (root != null) {
      try (var all = Files.walk(root)) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void mode(Path path, String mode) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void aJarThatIsRootsAloneIsTaken() throws Exception {
    assertEquals(List.of(jar), BundleFolder.plugins(folder));
    assertEquals(List.of(), BundleFolder.plugins(root.resolve("absent")));
  }

  @Test
  void neitherTheJarNorAnyFolderAboveMayBeWritableByOthers() throws Exception {
    for (Path path : List.of(jar, folder, folder.getParent(), root)) {
      for (String writable : List.of("rwxrwxr-x", "rwxr-xrwx")) {
        mode(path, writable);
        assertEquals(List.of(), BundleFolder.plugins(folder), path + " " + writable);
      }
      mode(path, "rwxr-xr-x");
    }
    for (Path path : List.of(jar, folder, folder.getParent())) {
      Files.setAttribute(path, "unix:uid", 4711);
      assertEquals(List.of(), BundleFolder.plugins(folder), path.toString());
      Files.setAttribute(path, "unix:uid", 0);
    }
    assertEquals(List.of(jar), BundleFolder.plugins(folder));
  }

  /** What it leads to may be replaced by whoever can write to the folder of that. */
  @Test
  void aLinkIsNotTakenForAJar() throws Exception {
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    Path target = Files.writeString(elsewhere.resolve("b.jar"), "jar");
    mode(target, "rw-r--r--");
    mode(elsewhere, "rwxrwxrwx");
    Files.createSymbolicLink(folder.resolve("b.jar"), target);
    assertEquals(List.of(jar), BundleFolder.plugins(folder));
  }

  @Test
  void whatALinkOnTheWayLeadsToIsLookedAtToo() throws Exception {
    Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("above"));
    assertEquals(
        List.of(link.resolve("plugins/a.jar")), BundleFolder.plugins(link.resolve("plugins")));
    mode(folder.getParent(), "rwxrwxrwx");
    assertEquals(List.of(), BundleFolder.plugins(link.resolve("plugins")));
    mode(folder.getParent(), "rwxr-xr-x");
    Files.setAttribute(link, "unix:uid", 4711, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    assertEquals(List.of(), BundleFolder.plugins(link.resolve("plugins")));
  }
}
