package himmelblau.tasks.home.internal;

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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HomeTaskTest {
  private static final int UID = 773235643;

  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private Path homes;
  private Path skeleton;

  /** Only root writes below /var/lib, so tests stand there. */
  static final HomeLocations ANYWHERE = new HomeLocations(List.of(), List.of());

  private HomeTask task;
  private final Map<String, String> values = new HashMap<>();

  @BeforeEach
  void prepare() throws Exception {
    homes = Files.createDirectory(root.resolve("home"));
    Files.setPosixFilePermissions(homes, PosixFilePermissions.fromString("rwxr-xr-x"));
    skeleton = Files.createDirectory(root.resolve("skel"));
    Files.writeString(skeleton.resolve(".profile"), "umask 022\n");
    Files.createDirectory(skeleton.resolve(".config"));
    Path state = Files.createDirectory(root.resolve("state"));
    task = new HomeTask(skeleton.toString(), ANYWHERE, state.toString());
    values.putAll(
        Map.of(
            "uid",
            "" + UID,
            "gid",
            "" + UID,
            "prefix",
            homes + "/",
            "name",
            "user02",
            "skel",
            "1",
            "selinux",
            "1"));
  }

  private TaskResult run() {
    Map<String, byte[]> bytes = new HashMap<>();
    values.forEach((name, value) -> bytes.put(name, value.getBytes(StandardCharsets.UTF_8)));
    return task.run(new TaskRequest("home", bytes, Duration.ofSeconds(1)));
  }

  private void refused() throws IOException {
    TaskResult result = run();
    assertEquals(Status.REFUSED, result.status(), result.detail());
    try (Stream<Path> left = Files.list(homes)) {
      assertTrue(left.noneMatch(path -> path.toString().contains("himmelblau-new")));
    }
  }

  private void done() {
    TaskResult result = run();
    assertEquals(Status.DONE, result.status(), result.detail());
  }

  private int uid(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private void own(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void makesAHomeFromTheSkeleton() throws Exception {
    values.put("alias.0", "user02@example.org");
    done();
    Path home = homes.resolve("user02");
    assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
    for (Path path : new Path[] {home, home.resolve(".profile"), home.resolve(".config")}) {
      assertEquals(UID, uid(path));
      assertEquals(UID, (int) (Integer) Files.getAttribute(path, "unix:gid"));
    }
    assertEquals("umask 022\n", Files.readString(home.resolve(".profile")));
    Path alias = homes.resolve("user02@example.org");
    assertEquals(Path.of("user02"), Files.readSymbolicLink(alias));
    try (Stream<Path> all = Files.list(homes)) {
      assertEquals(2, all.count());
    }
  }

  @Test
  void noHomeIsCreatedAmongSystemFiles() throws Exception {
    Path system = Files.createDirectory(root.resolve("system"));
    Files.setPosixFilePermissions(system, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path below = Files.createDirectory(system.resolve("below"));
    Path open = Files.createDirectory(system.resolve("home"));
    Files.createSymbolicLink(root.resolve("link"), below);
    task =
        new HomeTask(
            skeleton.toString(),
            new HomeLocations(List.of(system), List.of(open)),
            root.toString());
    for (String prefix :
        List.of(
            system + "/",
            below + "/",
            root.resolve("link") + "/",
            open + "/../",
            homes + "/../system/below")) {
      values.put("prefix", prefix);
      values.put("alias.0", "alias");
      refused();
      assertEquals(0, below.toFile().list().length, prefix);
      assertEquals(2, system.toFile().list().length, prefix);
    }
    for (Path prefix : List.of(open, homes)) {
      values.put("prefix", prefix + "/");
      done();
    }
    HomeTask host = new HomeTask(skeleton.toString(), HomeLocations.OF_A_HOST, root.toString());
    for (String prefix : List.of("/", "/etc/", "/etc/systemd/system", "/usr/lib/", "/var/lib/")) {
      values.put("prefix", prefix);
      task = host;
      TaskResult result = run();
      assertEquals(Status.REFUSED, result.status(), prefix);
      assertTrue(result.detail().contains("belongs to the system"), result.detail());
    }
  }

  @Test
  void withoutSkeletonTheHomeIsEmpty() throws Exception {
    values.put("skel", "0");
    done();
    try (Stream<Path> all = Files.list(homes.resolve("user02"))) {
      assertEquals(0, all.count());
    }
  }

  @Test
  void theSecondTimeNothingChanges() throws Exception {
    done();
    Path home = homes.resolve("user02");
    Files.delete(home.resolve(".profile"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    done();
    assertFalse(Files.exists(home.resolve(".profile")));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home)));
  }

  @ParameterizedTest
  @CsvSource({
    "../x, x",
    ".ssh, ssh",
    "a/../b, a..b",
    "a\\b, ab",
    "...user, user",
    "jürgen.müller, jürgen.müller"
  })
  void hostileNamesStayBelowThePrefix(String asked, String made) throws Exception {
    values.put("name", asked);
    done();
    assertTrue(Files.isDirectory(homes.resolve(made)));
    try (Stream<Path> all = Files.list(root)) {
      assertEquals(3, all.count(), "nothing beside home, skel and state");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "/",
        "./.",
        "a:b",
        "a\nb",
        "a\0b",
        " x",
        "x ",
        "-rf",
        "a\u202eb",
        "a\u2028b",
        "../.ssh/.",
        "\u007f"
      })
  void impossibleNamesAreRefused(String name) throws Exception {
    values.put("name", name);
    refused();
    values.put("name", "x".repeat(201));
    refused();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1",
        "999",
        "60001",
        "61184",
        "65519",
        "65534",
        "65535",
        "4294967294",
        "4294967295",
        "-1",
        "",
        "1000x"
      })
  void reservedIdsAreRefused(String id) throws Exception {
    values.put("uid", id);
    refused();
    values.put("uid", "" + UID);
    values.put("gid", id);
    refused();
  }

  @Test
  void aHomeOfAnotherUserIsRefused() throws Exception {
    Path home = Files.createDirectory(homes.resolve("user02"));
    refused();
    own(home, UID + 1);
    refused();
    own(home, UID);
    done();
  }

  @Test
  void aLinkOrAFileInPlaceOfTheHomeIsRefused() throws Exception {
    Path victim = Files.createDirectory(root.resolve("victim"));
    Path home = homes.resolve("user02");
    Files.createSymbolicLink(home, root.resolve("nowhere"));
    refused();
    Files.delete(home);
    Files.createSymbolicLink(home, victim);
    refused();
    own(victim, UID);
    own(home, UID); // as if the user had made it
    refused();
    Files.delete(home);
    Files.writeString(home, "a file");
    own(home, UID);
    refused();
    assertFalse(Files.exists(root.resolve("nowhere")));
    assertEquals(0, uid(root.resolve("skel")));
  }

  @Test
  void anAdministratorsLinkToAHomeElsewhereIsGood() throws Exception {
    Path elsewhere = Files.createDirectory(root.resolve("data"));
    Path real = Files.createDirectory(elsewhere.resolve("user02"));
    own(real, UID);
    Files.createSymbolicLink(homes.resolve("user02"), real);
    done();
  }

  @Test
  void aPrefixThatOthersMayChangeIsRefused() throws Exception {
    Files.setPosixFilePermissions(homes, PosixFilePermissions.fromString("rwxrwxrwx"));
    refused();
    Files.setPosixFilePermissions(homes, PosixFilePermissions.fromString("rwxrwxr-x"));
    refused();
    Files.setPosixFilePermissions(homes, PosixFilePermissions.fromString("rwxr-xr-x"));
    own(homes, UID);
    refused();
    own(homes, 0);
    for (String prefix : new String[] {"home/", root + "/missing/", "", skeleton + "/.profile"}) {
      values.put("prefix", prefix);
      refused();
    }
    values.put("prefix", homes.toString());
    done();
    assertTrue(Files.isDirectory(homes.resolve("user02")), "with or without a slash at its end");
  }

  @Test
  void anIncompleteHomeIsCreatedAgain() throws Exception {
    Path half = Files.createDirectory(homes.resolve(".user02.himmelblau-new"));
    Path victim = Files.writeString(root.resolve("victim"), "precious");
    Files.createSymbolicLink(half.resolve("link"), victim);
    Files.writeString(half.resolve(".profile"), "half");
    done();
    assertEquals("umask 022\n", Files.readString(homes.resolve("user02/.profile")));
    assertFalse(Files.exists(half));
    assertEquals("precious", Files.readString(victim));
  }

  @Test
  void aSkeletonThatCannotBeTrustedLeavesNoHalfHome() throws Exception {
    Files.setPosixFilePermissions(skeleton, PosixFilePermissions.fromString("rwxrwxrwx"));
    refused();
    assertFalse(Files.exists(homes.resolve("user02")));
  }

  @Test
  void aliasesLeadOnlyToTheirOwnHomes() throws Exception {
    values.put("alias.0", "alias");
    Path alias = homes.resolve("alias");
    done();
    assertEquals(Path.of("user02"), Files.readSymbolicLink(alias));
    done();

    values.put("name", "renamed");
    done();
    assertEquals(Path.of("renamed"), Files.readSymbolicLink(alias), "the same user's");

    values.put("name", "stranger");
    values.put("uid", "" + (UID + 1));
    done();
    assertEquals(Path.of("renamed"), Files.readSymbolicLink(alias), "another user's stays");

    Files.delete(alias);
    Files.createSymbolicLink(alias, Path.of("/etc"));
    done();
    assertEquals(Path.of("/etc"), Files.readSymbolicLink(alias), "the administrator's stays");

    Files.delete(alias);
    Files.createDirectory(alias);
    done();
    assertTrue(Files.isDirectory(alias, LinkOption.NOFOLLOW_LINKS), "a directory stays");

    values.put("alias.0", "../etc");
    done();
    assertEquals(Path.of("stranger"), Files.readSymbolicLink(homes.resolve("etc")));
  }

  @Test
  void theAliasThatIsTheNameIsTheHome() throws Exception {
    values.put("alias.0", "user02");
    done();
    assertTrue(Files.isDirectory(homes.resolve("user02"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void manyAtOnceMakeOneHome() throws Exception {
    List<Future<TaskResult>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        results.add(threads.submit(this::run));
      }
    }
    int made = 0;
    for (Future<TaskResult> result : results) {
      assertEquals(Status.DONE, result.get().status(), result.get().detail());
      made += result.get().detail().startsWith("made") ? 1 : 0;
    }
    assertEquals(1, made);
    assertTrue(Files.exists(homes.resolve("user02/.profile")));
  }

  @Test
  void anInterruptedTaskLeavesNothing() throws Exception {
    Thread.currentThread().interrupt();
    TaskResult result = run();
    assertTrue(Thread.interrupted());
    assertEquals(Status.TIMED_OUT, result.status());
    try (Stream<Path> all = Files.list(homes)) {
      assertEquals(0, all.count());
    }
  }

  @Test
  void aHomeGoesAlongWhenItsOwnerGetsAnotherName() throws Exception {
    values.put("name", "user02@example.org"); // a session by key, before the first sign-in
    done();
    Files.writeString(homes.resolve("user02@example.org/mine"), "mine");
    values.put("name", "cd4ebec9-434c-4bad-af7c-9c39a4127551");
    values.put("alias.0", "user02@example.org");
    done();
    assertEquals("mine", Files.readString(homes.resolve(values.get("name")).resolve("mine")));
    assertEquals(
        Path.of(values.get("name")),
        Files.readSymbolicLink(homes.resolve("user02@example.org")),
        "the name of before leads there, too");

    values.put("name", "renamed");
    values.put("alias.0", "renamed@example.org");
    done();
    assertEquals("mine", Files.readString(homes.resolve("renamed@example.org/mine")));
  }

  @Test
  void aHomeOfAnotherUserIsNotMoved() throws Exception {
    values.put("name", "old");
    done();
    own(homes.resolve("old"), UID + 1); // an administrator gave it away
    values.put("name", "new");
    done();
    assertTrue(Files.isDirectory(homes.resolve("old")));
    assertEquals(UID, uid(homes.resolve("new")));

    values.put("uid", "" + (UID + 2)); // somebody who had none
    values.put("gid", "" + (UID + 2));
    values.put("name", "third");
    done();
    assertTrue(Files.isDirectory(homes.resolve("new")));
  }
}
