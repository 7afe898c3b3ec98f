package himmelblau.tasks.picture.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.contract.tasks.Attacker;
import himmelblau.contract.tasks.RootOnlyDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An attacker who replaces the files while a picture is passed on. */
class PictureAttackTest {
  private static final byte[] PHOTO = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1, 2, 3};

  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private Path icons;
  private Path state;
  private Path victim;
  private Path bus;

  @BeforeEach
  void prepare() throws Exception {
    icons = Files.createDirectory(root.resolve("icons"));
    state = Files.createDirectory(root.resolve("state"));
    victim = Files.writeString(root.resolve("victim"), "secret\n");
    Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-r--r--"));
    bus =
        Files.writeString(
            root.resolve("busctl"),
            """
            #!/bin/sh
            case $7 in
            FindUserByName) echo 'o "/org/freedesktop/Accounts/User773235643"' ;;
            SetIconFile) /usr/bin/stat -c '%%F %%a %%u %%h' "$9" >>%s/handed ;;
            esac
            """
                .formatted(root));
    Files.setPosixFilePermissions(bus, PosixFilePermissions.fromString("rwx------"));
  }

  private Status run() {
    return new PictureTask(icons.toString(), state.toString(), bus.toString())
        .run(
            new TaskRequest(
                "picture",
                Map.of("user", "user02".getBytes(StandardCharsets.UTF_8), "photo", PHOTO),
                Duration.ofSeconds(1)))
        .status();
  }

  private void unharmed() throws Exception {
    assertEquals("secret\n", Files.readString(victim));
    assertEquals(0, (int) (Integer) Files.getAttribute(victim, "unix:uid"));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)));
  }

  /** What AccountsService is told to copy is a file of root's alone, whatever lay in its place. */
  private void handedOver() throws Exception {
    assertEquals(Status.DONE, run());
    assertEquals("regular file 600 0 1\n", Files.readString(root.resolve("handed")));
    unharmed();
    try (Stream<Path> left = Files.list(state)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void aLinkInPlaceOfTheHandedFileIsNotWrittenThrough() throws Exception {
    Attacker.foreignLink(state.resolve("picture-user02"), victim);
    handedOver();
  }

  @Test
  void anotherNameOfAFileInPlaceOfTheHandedOneKeepsItsContent() throws Exception {
    Files.createLink(state.resolve("picture-user02"), victim);
    handedOver();
  }

  @Test
  void aTreeInPlaceOfTheHandedFileIsRemovedWithoutLeavingIt() throws Exception {
    Path tree = Files.createDirectory(state.resolve("picture-user02"));
    Path kept = Files.createDirectory(root.resolve("kept"));
    Files.writeString(kept.resolve("file"), "kept");
    Files.createSymbolicLink(tree.resolve("link"), kept);
    handedOver();
    assertEquals("kept", Files.readString(kept.resolve("file")));
  }

  @Test
  void aStateDirectoryThatOthersMayWriteIsRefused() throws Exception {
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(Status.REFUSED, run());
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setAttribute(state, "unix:uid", Attacker.FOREIGN);
    assertEquals(Status.REFUSED, run());
    assertFalse(Files.exists(root.resolve("handed")));
  }

  @Test
  void aDirectoryOfPicturesThatIsALinkOfTheirsIsRefused() throws Exception {
    Files.delete(icons);
    Attacker.foreignLink(icons, root);
    assertEquals(Status.REFUSED, run());
    assertFalse(Files.exists(root.resolve("handed")));
  }

  @Test
  void aPictureThatIsALinkEverySecondMomentIsNeverReadThrough() throws Exception {
    Path shown = Files.write(icons.resolve("user02"), PHOTO);
    Path same = Files.write(root.resolve("same"), PHOTO);
    try (Attacker attacker = Attacker.exchanging(shown, icons.resolve("trap"), same)) {
      attacker.race(round -> run(), Status.DONE, Status.REFUSED);
    }
    assertFalse(Files.exists(root.resolve("handed")), "either it was shown, or refused");
    assertArrayEquals(PHOTO, Files.readAllBytes(same));
  }

  @Test
  void aStateThatIsALinkEverySecondMomentLeadsNowhere() throws Exception {
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    try (Attacker attacker = Attacker.exchanging(state, root.resolve("trap"), elsewhere)) {
      attacker.race(round -> run(), Status.DONE, Status.REFUSED);
    }
    try (Stream<Path> inside = Files.list(elsewhere)) {
      assertEquals(0, inside.count());
    }
    assertEquals(0, Files.getAttribute(elsewhere, "unix:uid", LinkOption.NOFOLLOW_LINKS));
  }
}
