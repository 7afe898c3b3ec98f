package himmelblau.tasks.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.contract.tasks.Attacker;
import himmelblau.contract.tasks.RootOnlyDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeDirectoryTest {
  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void own(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  private static void refusesTrusted(Path path) {
    assertThrows(FileRefused.class, () -> SafeDirectory.openTrusted(path.toString()).close());
  }

  @Test
  void opensWhatOnlyRootCanHaveMade() throws Exception {
    Path real = Files.createDirectories(root.resolve("a/b"));
    Files.createSymbolicLink(root.resolve("absolute"), real);
    Files.createSymbolicLink(root.resolve("relative"), Path.of("./a/../a/b"));
    for (Path path : new Path[] {real, root.resolve("absolute"), root.resolve("relative")}) {
      try (SafeDirectory directory = SafeDirectory.openTrusted(path + "/")) {
        assertEquals(
            Files.getAttribute(real, "unix:ino"), directory.self().inode(), path.toString());
      }
    }
    try (SafeDirectory top = SafeDirectory.openTrusted("/")) {
      assertTrue(top.self().directory());
    }
  }

  @Test
  void refusesWhereOthersMayWrite() throws Exception {
    Path home = Files.createDirectories(root.resolve("open/home"));
    mode(home, "rwxr-xr-x");
    mode(root.resolve("open"), "rwxrwxr-x");
    refusesTrusted(home);
    mode(root.resolve("open"), "rwxr-xrwx");
    refusesTrusted(home);
    mode(root.resolve("open"), "rwxr-xr-x");
    SafeDirectory.openTrusted(home.toString()).close();
    mode(home, "rwxrwxrwx");
    refusesTrusted(home);
    mode(home, "rwxr-xr-x");
    own(home, 4711);
    refusesTrusted(home);
    SafeDirectory.openThroughTrusted(home.toString()).close();
    own(home, 0);
    own(root.resolve("open"), 4711);
    refusesTrusted(home);
  }

  @Test
  void refusesALinkThatRootDidNotMake() throws Exception {
    Path real = Files.createDirectory(root.resolve("real"));
    Path link = Files.createSymbolicLink(root.resolve("link"), real);
    SafeDirectory.openTrusted(link.toString()).close();
    own(link, 4711);
    refusesTrusted(link);
  }

  @Test
  void refusesLoopsFilesAndWhatIsNotThere() throws Exception {
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    Files.createFile(root.resolve("file"));
    refusesTrusted(root.resolve("loop"));
    refusesTrusted(root.resolve("file"));
    refusesTrusted(root.resolve("file/below"));
    refusesTrusted(root.resolve("missing"));
    assertThrows(FileRefused.class, () -> SafeDirectory.openTrusted("home"));
    assertThrows(FileRefused.class, () -> SafeDirectory.openTrusted(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/", "a\0b"})
  void refusesWhatIsNotOneName(String name) throws Exception {
    try (SafeDirectory directory = SafeDirectory.openTrusted(root.toString())) {
      assertThrows(FileRefused.class, () -> directory.create(name));
      assertThrows(FileRefused.class, () -> directory.createFile(name));
      assertThrows(FileRefused.class, () -> directory.createLink(name, "x"));
      assertThrows(FileRefused.class, () -> directory.entry(name));
      assertThrows(FileRefused.class, () -> directory.remove(name));
      assertThrows(FileRefused.class, () -> directory.create("x".repeat(256)));
    }
  }

  @Test
  void neverGoesThroughALink() throws Exception {
    Path victim = Files.createDirectory(root.resolve("victim"));
    Path secret = Files.writeString(root.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("link"), victim);
    Files.createSymbolicLink(root.resolve("dangling"), root.resolve("made"));
    Files.createSymbolicLink(root.resolve("file"), secret);
    try (SafeDirectory directory = SafeDirectory.openTrusted(root.toString())) {
      assertThrows(FileRefused.class, () -> directory.child("link"));
      assertThrows(FileRefused.class, () -> directory.openFile("file"));
      assertThrows(FileAlreadyExistsException.class, () -> directory.create("dangling"));
      assertThrows(FileAlreadyExistsException.class, () -> directory.createFile("dangling"));
      assertThrows(FileAlreadyExistsException.class, () -> directory.createFile("file"));
      directory.ownLink("file", 4711, 4711);
      assertEquals(0, (int) (Integer) Files.getAttribute(secret, "unix:uid"));
      assertEquals(4711, directory.entry("file").orElseThrow().uid());
      assertTrue(directory.entry("link").orElseThrow().link());
    }
    assertFalse(Files.exists(root.resolve("made")));
  }

  @Test
  void aPipeDoesNotHoldUs() throws Exception {
    assertEquals(
        0, new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor());
    try (SafeDirectory directory = SafeDirectory.openTrusted(root.toString())) {
      assertThrows(FileRefused.class, () -> directory.openFile("pipe"));
    }
  }

  @Test
  void makesFilesAndDirectoriesForRootFirst() throws Exception {
    try (SafeDirectory directory = SafeDirectory.openTrusted(root.toString());
        SafeDirectory made = directory.create("made")) {
      assertEquals(0700, made.self().mode());
      try (SafeFile file = made.createFile("file")) {
        assertEquals(0600, file.entry().mode());
        file.write("content".getBytes(StandardCharsets.UTF_8), 7);
        file.own(4711, 4712, 0640);
        FileEntry entry = file.entry();
        assertEquals(4711, entry.uid());
        assertEquals(4712, entry.gid());
        assertEquals(0640, entry.mode());
        assertEquals(7, entry.size());
      }
      made.own(4294967294L, 4294967294L, 0750);
      assertEquals(4294967294L, made.self().uid());
      assertEquals("content", Files.readString(root.resolve("made/file")));
      assertThrows(FileRefused.class, () -> made.openFile("file").readAll(6));
    }
  }

  @Test
  void renamesAndLists() throws Exception {
    try (SafeDirectory directory = SafeDirectory.openTrusted(root.toString())) {
      directory.createFile("a").close();
      directory.createFile("b").close();
      assertThrows(FileAlreadyExistsException.class, () -> directory.renameNew("a", "b"));
      directory.renameNew("a", "ä");
      assertEquals(Set.of("ä", "b"), new HashSet<>(directory.names()));
      assertEquals(Set.of("ä", "b"), new HashSet<>(directory.names()), "again");
      directory.rename("ä", "b");
      assertEquals(Set.of("b"), new HashSet<>(directory.names()));
      directory.remove("b");
      assertTrue(directory.entry("b").isEmpty());
    }
  }

  @Test
  void aDirectoryThatIsExchangedForALinkAllTheTimeLeadsNowhere() throws Exception {
    Path victim = Files.createDirectory(root.resolve("victim"));
    Path arena = Files.createDirectory(root.resolve("arena"));
    Path real = Files.createDirectory(arena.resolve("x"));
    AtomicInteger made = new AtomicInteger();
    try (SafeDirectory directory = SafeDirectory.openTrusted(arena.toString());
        Attacker attacker = Attacker.exchanging(real, arena.resolve("y"), victim)) {
      attacker.race(round -> opensAndMakes(directory, "f" + made.incrementAndGet()), true, false);
    }
    try (var inVictim = Files.list(victim)) {
      assertEquals(0, inVictim.count());
    }
  }

  /** A hundred times, since one is over too soon to be met by an exchange in the middle. */
  private static boolean opensAndMakes(SafeDirectory directory, String name) throws Exception {
    boolean opened = false;
    for (int i = 0; i < 100; i++) {
      try (SafeDirectory child = directory.child("x")) {
        child.createFile(name + "-" + i).close();
        opened = true;
      } catch (FileRefused link) {
        opened = false;
      }
    }
    return opened;
  }
}
