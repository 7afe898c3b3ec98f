package himmelblau.tasks.picture.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.contract.tasks.RootOnlyDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTaskTest {
  private static final byte[] PHOTO = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1, 2, 3};

  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private Path icons;
  private Path state;

  @BeforeEach
  void prepare() throws Exception {
    icons = Files.createDirectory(root.resolve("icons"));
    state = Files.createDirectory(root.resolve("state"));
  }

  /** Stands in for busctl: notes its arguments, and copies the picture as AccountsService does. */
  private Path bus(String found) throws IOException {
    Path bus =
        Files.writeString(
            root.resolve("busctl"),
            """
            #!/bin/sh
            echo "$*" >>%s/calls
            case $7 in
            FindUserByName) %s ;;
            CacheUser) echo 'o "/org/freedesktop/Accounts/User773235643"' ;;
            SetIconFile) /bin/cp "$9" %s/user02 ;;
            esac
            """
                .formatted(root, found, icons));
    Files.setPosixFilePermissions(bus, PosixFilePermissions.fromString("rwx------"));
    return bus;
  }

  private TaskResult run(Path bus, String user, byte[] photo) {
    return new PictureTask(icons.toString(), state.toString(), bus.toString())
        .run(
            new TaskRequest(
                "picture",
                Map.of("user", user.getBytes(StandardCharsets.UTF_8), "photo", photo),
                Duration.ofSeconds(1)));
  }

  @Test
  void handsThePictureOverOnce() throws Exception {
    Path bus = bus("exit 1");
    TaskResult result = run(bus, "user02", PHOTO);
    assertEquals(Status.DONE, result.status(), result.detail());
    assertArrayEquals(PHOTO, Files.readAllBytes(icons.resolve("user02")));
    try (Stream<Path> left = Files.list(state)) {
      assertEquals(0, left.count());
    }
    assertEquals(3, Files.readAllLines(root.resolve("calls")).size());
    assertEquals(Status.DONE, run(bus, "user02", PHOTO).status());
    assertEquals(3, Files.readAllLines(root.resolve("calls")).size(), "not asked again");
  }

  @Test
  void aFailingServiceIsAFailureThatLeavesNothing() throws Exception {
    Path bus = bus("true");
    for (String answer : new String[] {"exit 1", "echo 'o \"/etc/passwd\"'", "echo"}) {
      Files.writeString(bus, "#!/bin/sh\n" + answer + "\n");
      assertEquals(Status.FAILED, run(bus, "user02", PHOTO).status(), answer);
    }
    assertEquals(Status.FAILED, run(root.resolve("missing"), "user02", PHOTO).status());
    try (Stream<Path> left = Files.list(state)) {
      assertEquals(0, left.count());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", ".x", "a/b", "a b", "-x", "ä", "a:b"})
  void otherNamesAreRefusedNotCleaned(String user) throws Exception {
    assertEquals(Status.REFUSED, run(bus("true"), user, PHOTO).status());
    assertFalse(Files.exists(root.resolve("calls")));
  }

  @Test
  void otherFilesAreRefused() throws Exception {
    Path bus = bus("true");
    assertEquals(Status.REFUSED, run(bus, "user02", new byte[0]).status());
    assertEquals(Status.REFUSED, run(bus, "user02", new byte[] {'G', 'I', 'F'}).status());
    byte[] large = java.util.Arrays.copyOf(PHOTO, 60_001);
    assertEquals(Status.REFUSED, run(bus, "user02", large).status());
    assertFalse(Files.exists(root.resolve("calls")));
  }

  @Test
  void aLinkInPlaceOfThePictureIsNotRead() throws Exception {
    Files.createSymbolicLink(icons.resolve("user02"), Path.of("/etc/shadow"));
    assertEquals(Status.REFUSED, run(bus("true"), "user02", PHOTO).status());
  }

  @Test
  void withoutAccountsServiceThereIsNothingToDo() throws Exception {
    Path bus = bus("true");
    Files.delete(icons);
    assertTrue(run(bus, "user02", PHOTO).done());
    assertFalse(Files.exists(root.resolve("calls")));
  }
}
