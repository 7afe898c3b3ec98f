package himmelblau.tasks.groups.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.contract.tasks.RootOnlyDirectory;
import himmelblau.tasks.groups.internal.LocalGroups.Rules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupsTaskTest {
  private static final String ADMINS = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6";
  private static final String GROUP =
      "root:x:0:\nsudo:x:27:alice\nusers:x:100:\nm\u00fcll:x:200:b\u00e4r\nbroken:x\n+:::\n";
  private static final String GSHADOW = "root:*::\nsudo:*:alice:alice\nusers:*::\n";

  @TempDir(factory = RootOnlyDirectory.class)
  Path root;

  private Path etc;

  @BeforeEach
  void prepare() throws Exception {
    etc = Files.createDirectory(root.resolve("etc"));
    Files.createDirectory(root.resolve("state"));
    // Names of the host may be in any encoding.
    Files.writeString(etc.resolve("group"), GROUP, StandardCharsets.ISO_8859_1);
    Files.writeString(etc.resolve("gshadow"), GSHADOW);
    Files.setPosixFilePermissions(
        etc.resolve("gshadow"), PosixFilePermissions.fromString("rw-r-----"));
    Files.setAttribute(etc.resolve("gshadow"), "unix:gid", 42);
    Files.writeString(etc.resolve("passwd"), "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000:::\n");
  }

  private TaskResult run(Rules rules, String user, String... ids) {
    Map<String, byte[]> values = new HashMap<>();
    values.put("user", user.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < ids.length; i++) {
      values.put("group." + i, ids[i].getBytes(StandardCharsets.UTF_8));
    }
    return new GroupsTask(rules, etc.toString(), root.resolve("state").toString())
        .run(new TaskRequest("groups", values, Duration.ofSeconds(1)));
  }

  private static Rules rules(List<String> always, String... entitling) {
    return new Rules(always, "sudo", Set.of(entitling));
  }

  private String group() throws Exception {
    return Files.readString(etc.resolve("group"), StandardCharsets.ISO_8859_1);
  }

  private void unchanged() throws Exception {
    assertEquals(GROUP, group());
    assertEquals(GSHADOW, Files.readString(etc.resolve("gshadow")));
  }

  @Test
  void addsToTheGroupsThatEveryoneGets() throws Exception {
    TaskResult result = run(rules(List.of("users", "absent")), "user02");
    assertEquals(Status.DONE, result.status(), result.detail());
    assertEquals(GROUP.replace("users:x:100:", "users:x:100:user02"), group());
    assertEquals(
        GSHADOW.replace("users:*::", "users:*::user02"), Files.readString(etc.resolve("gshadow")));
    assertTrue(result.detail().contains("no local group absent"), result.detail());
    Path gshadow = etc.resolve("gshadow");
    assertEquals(
        "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(gshadow)));
    assertEquals(42, (int) (Integer) Files.getAttribute(gshadow, "unix:gid"));

    Object inode = Files.getAttribute(etc.resolve("group"), "unix:ino");
    run(rules(List.of("users")), "user02");
    assertEquals(inode, Files.getAttribute(etc.resolve("group"), "unix:ino"), "not touched again");
  }

  @Test
  void whatWeGaveGoesWithTheOptionAndTheRestStays() throws Exception {
    Files.writeString(
        etc.resolve("group"),
        GROUP.replace("users:x:100:", "users:x:100:byhand"),
        StandardCharsets.ISO_8859_1);
    run(rules(List.of("users"), ADMINS), "user02", ADMINS);
    run(rules(List.of("users"), ADMINS), "byhand");
    assertTrue(group().contains("sudo:x:27:alice,user02"), group());
    run(rules(List.of(), ADMINS), "user02", ADMINS);
    run(rules(List.of(), ADMINS), "byhand");
    assertTrue(group().contains("users:x:100:byhand\n"), group());
    assertTrue(group().contains("sudo:x:27:alice,user02\n"), group());
    run(rules(List.of()), "user02", ADMINS);
    assertEquals(GROUP.replace("users:x:100:", "users:x:100:byhand"), group());
    assertEquals(GSHADOW, Files.readString(etc.resolve("gshadow")));
  }

  @Test
  void aRemovedOptionIsAppliedToUsersWhoDoNotSignIn() throws Exception {
    run(rules(List.of("users"), ADMINS), "user02", ADMINS);
    run(rules(List.of("users"), ADMINS), "b\u00e4r");
    sweep(rules(List.of("users"), ADMINS));
    assertTrue(group().contains("sudo:x:27:alice,user02\n"), group());
    Files.writeString(etc.resolve("passwd"), "b\u00e4r:x:1001:1001:::\n");
    sweep(rules(List.of()));
    String left =
        new String("b\u00e4r".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertEquals(
        GROUP.replace("users:x:100:", "users:x:100:" + left), group(), "but for local users");
  }

  private void sweep(Rules rules) throws Exception {
    assertTrue(new GroupsTask(rules, etc.toString(), root.resolve("state").toString()).sweep());
  }

  @Test
  void membersOfTheNamedGroupsMaySudoUntilTheyAreNoMembersAnyMore() throws Exception {
    Rules rules = rules(List.of(), ADMINS);
    run(rules, "user02", "other", ADMINS);
    assertTrue(group().contains("sudo:x:27:alice,user02"), group());
    run(rules, "user02", "other");
    unchanged();
  }

  @Test
  void whatTheAdministratorGrantedStays() throws Exception {
    Rules rules = rules(List.of(), ADMINS);
    Files.writeString(etc.resolve("group"), GROUP.replace("alice", "alice,user02"));
    run(rules, "user02", ADMINS);
    run(rules, "user02");
    assertTrue(group().contains("sudo:x:27:alice,user02"), group());
  }

  @Test
  void withoutSudoGroupsSudoIsLeftAlone() throws Exception {
    Files.writeString(etc.resolve("group"), GROUP.replace("alice", "alice,user02"));
    run(rules(List.of()), "user02", ADMINS);
    sweep(rules(List.of()));
    assertTrue(group().contains("sudo:x:27:alice,user02"), group());
  }

  @Test
  void aSudoGroupThatEveryoneGetsIsNotTakenAway() throws Exception {
    run(rules(List.of("sudo"), ADMINS), "user02");
    assertTrue(group().contains("sudo:x:27:alice,user02"), group());
  }

  @Test
  void anotherSudoGroupTakesTheOldOneAway() throws Exception {
    run(rules(List.of(), ADMINS), "user02", ADMINS);
    run(new Rules(List.of(), "users", Set.of(ADMINS)), "user02", ADMINS);
    assertEquals(GROUP.replace("users:x:100:", "users:x:100:user02"), group());
  }

  @Test
  void localUsersAreLeftAlone() throws Exception {
    assertEquals(Status.REFUSED, run(rules(List.of("users"), ADMINS), "alice", ADMINS).status());
    unchanged();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", "a,b", "a\nsudo:x:27:a", "a b", "-a", "+", "a/b", "\u202ea"})
  void namesThatWouldBeSomethingElseAreRefused(String user) throws Exception {
    assertEquals(Status.REFUSED, run(rules(List.of("users")), user).status());
    unchanged();
  }

  @Test
  void aLinkInPlaceOfTheFileIsRefused() throws Exception {
    Path victim = Files.writeString(root.resolve("victim"), GROUP);
    Files.delete(etc.resolve("group"));
    Files.createSymbolicLink(etc.resolve("group"), victim);
    assertEquals(Status.REFUSED, run(rules(List.of("users")), "user02").status());
    assertEquals(GROUP, Files.readString(victim));
  }

  @Test
  void manyAtOnceAllGetIn() throws Exception {
    List<Future<TaskResult>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        String user = "user" + i;
        results.add(threads.submit(() -> run(rules(List.of("users")), user)));
      }
    }
    for (Future<TaskResult> result : results) {
      assertEquals(Status.DONE, result.get().status(), result.get().detail());
    }
    String line = group().lines().filter(l -> l.startsWith("users:")).findFirst().orElseThrow();
    assertEquals(20, line.split(",").length, line);
    try (Stream<Path> left = Files.list(etc)) {
      assertTrue(left.noneMatch(path -> path.toString().contains("himmelblau-new")));
    }
  }

  @Test
  void theHostsOwnLockIsRespected() throws Exception {
    Process holder =
        new ProcessBuilder(
                "python3",
                "-c",
                """
                import fcntl, sys, time
                f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); print('on', flush=True)
                sys.stdin.readline(); open(sys.argv[2], 'a').write('late:x:300:\\n')
                """,
                etc.resolve(".pwd.lock").toString(),
                etc.resolve("group").toString())
            .start();
    assertEquals("on", holder.inputReader().readLine());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<TaskResult> result =
          threads.submit(() -> run(rules(List.of("users", "late")), "user02"));
      holder.outputWriter().close();
      assertEquals(Status.DONE, result.get().status(), result.get().detail());
    }
    assertTrue(group().contains("late:x:300:user02"), group());
  }
}
