package himmelblau.tasks.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.contract.tasks.RootOnlyDirectory;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {
  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private Path from;
  private Path to;

  @BeforeEach
  void make() throws Exception {
    from = Files.createDirectory(root.resolve("from"));
    to = Files.createDirectory(root.resolve("to"));
  }

  private void copy() throws Exception {
    try (SafeDirectory source = SafeDirectory.openTrusted(from.toString());
        SafeDirectory target = SafeDirectory.openTrusted(to.toString())) {
      Trees.copy(source, target, 4711, 4712);
    }
  }

  private int status(String name, String attribute) throws Exception {
    return (Integer) Files.getAttribute(to.resolve(name), attribute, LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void copiesModesAndGivesAllAway() throws Exception {
    byte[] large = new byte[200_000];
    new java.util.Random(1).nextBytes(large);
    Files.write(from.resolve("large"), large);
    Files.setPosixFilePermissions(
        from.resolve("large"), PosixFilePermissions.fromString("rw-r-----"));
    Files.createDirectories(from.resolve("d/e"));
    Files.setPosixFilePermissions(from.resolve("d"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(from.resolve("d/e/run"), "x");
    Files.setAttribute(from.resolve("d/e/run"), "unix:mode", 06755);
    copy();
    assertEquals(-1, Files.mismatch(from.resolve("large"), to.resolve("large")));
    assertEquals(0640, status("large", "unix:mode") & 07777);
    assertEquals(0750, status("d", "unix:mode") & 07777);
    assertEquals(0755, status("d/e/run", "unix:mode") & 07777, "no set-uid program of the user's");
    for (String name : new String[] {"large", "d", "d/e", "d/e/run"}) {
      assertEquals(4711, status(name, "unix:uid"), name);
      assertEquals(4712, status(name, "unix:gid"), name);
    }
  }

  @Test
  void copiesLinksAsLinksAndLeavesDevicesOut() throws Exception {
    Path shadow = Files.writeString(root.resolve("shadow"), "root:secret");
    Files.createSymbolicLink(from.resolve("link"), shadow);
    assertEquals(0, new ProcessBuilder("mkfifo", from.resolve("p").toString()).start().waitFor());
    copy();
    assertEquals(shadow, Files.readSymbolicLink(to.resolve("link")));
    assertEquals(4711, status("link", "unix:uid"));
    assertEquals(0, (int) (Integer) Files.getAttribute(shadow, "unix:uid"));
    assertFalse(Files.exists(to.resolve("p"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void stopsWhenInterrupted() throws Exception {
    Files.writeString(from.resolve("a"), "a");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, this::copy);
    assertTrue(Thread.interrupted());
  }

  @Test
  void removesNothingBehindALink() throws Exception {
    Path victim = Files.writeString(Files.createDirectory(root.resolve("victim")).resolve("f"), "");
    Path tree = Files.createDirectories(from.resolve("tree/deep"));
    Files.createSymbolicLink(tree.resolve("link"), victim.getParent());
    Files.writeString(tree.resolve("f"), "");
    try (SafeDirectory directory = SafeDirectory.openTrusted(from.toString())) {
      Trees.remove(directory, "tree");
      Trees.remove(directory, "tree");
    }
    assertTrue(Files.exists(victim));
    assertFalse(Files.exists(from.resolve("tree")));
  }
}
