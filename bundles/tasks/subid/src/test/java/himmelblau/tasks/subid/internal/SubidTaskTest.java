package himmelblau.tasks.subid.internal;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubidTaskTest {
  private static final String RANGE = "2100000000-4200000000";
  private static final String LINE = "user02:2509600000:65536\n";

  @TempDir(factory = RootOnlyDirectory.class)
  Path etc;

  private static final String OTHER = "4210d86f-ce97-4aff-97f7-bd3789727903";
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";

  private TaskResult run(String range, String user, String uid) {
    return run(range, user, uid, ID);
  }

  private TaskResult run(String range, String user, String uid, String id) {
    return new SubidTask(range, etc.toString(), etc.toString())
        .run(
            new TaskRequest(
                "subids",
                Map.of(
                    "user", user.getBytes(StandardCharsets.UTF_8),
                    "uid", uid.getBytes(StandardCharsets.UTF_8),
                    "id", id.getBytes(StandardCharsets.UTF_8)),
                Duration.ofSeconds(1)));
  }

  private void done(String user) {
    TaskResult result = run(RANGE, user, "773235643");
    assertEquals(Status.DONE, result.status(), result.detail());
  }

  private String read(String file) throws IOException {
    return Files.readString(etc.resolve(file));
  }

  @Test
  void givesBothOnceAndKeepsWhatIsThere() throws Exception {
    Files.writeString(etc.resolve("subuid"), "alice:100000:65536"); // no newline at the end
    done("user02");
    done("user02");
    assertEquals("alice:100000:65536\n" + LINE, read("subuid"));
    assertEquals(LINE, read("subgid"));
    assertEquals(
        "rw-r--r--",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(etc.resolve("subgid"))));
  }

  @Test
  void anOwnLineByUidIsKept() throws Exception {
    Files.writeString(etc.resolve("subuid"), "773235643:5:6\n");
    Files.writeString(etc.resolve("subgid"), "user02:7:8\n");
    done("user02");
    assertEquals("773235643:5:6\n", read("subuid"));
    assertEquals("user02:7:8\n", read("subgid"));
  }

  @Test
  void aTakenSlotIsNotSharedInEitherFile() throws Exception {
    Files.writeString(etc.resolve("subgid"), "other:2509600000:65536\n");
    done("user02");
    assertEquals("user02:2509665536:65536\n", read("subuid"));
    assertEquals("other:2509600000:65536\nuser02:2509665536:65536\n", read("subgid"));
  }

  @Test
  void theSecondFileFollowsTheFirst() throws Exception {
    Files.writeString(etc.resolve("subuid"), "user02:2200000000:65536\n");
    done("user02");
    assertEquals("user02:2200000000:65536\n", read("subgid"));
  }

  @Test
  void aFullRangeIsRefused() throws Exception {
    Files.writeString(etc.resolve("subuid"), "other:1:4294967295\nnonsense\na:b:c\n");
    assertEquals(Status.REFUSED, run(RANGE, "user02", "773235643").status());
    assertFalse(Files.exists(etc.resolve("subgid")));
  }

  /** Whoever may map an id of the host may act as its owner, root first of all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0-65536",
        "1000-4000000000",
        "65535-200000",
        "2000-1000",
        "4294950000-4294967295"
      })
  void aRangeWithIdsOfTheHostGivesNothing(String range) {
    TaskResult result = run(range, "user02", "773235643");
    assertEquals(Status.REFUSED, result.status());
    assertTrue(result.detail().contains("subid_range"), result.detail());
    assertFalse(Files.exists(etc.resolve("subuid")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:0:4294967295", "a\nroot", "1000", "a b", "-x", "\u2066a"})
  void namesThatForgeLinesAreRefused(String user) {
    assertEquals(Status.REFUSED, run(RANGE, user, "773235643").status());
    assertFalse(Files.exists(etc.resolve("subuid")));
  }

  @Test
  void reservedIdsAreRefused() {
    for (String uid : new String[] {"0", "999", "61184", "65534", "x"}) {
      assertEquals(Status.REFUSED, run(RANGE, "user02", uid).status(), uid);
    }
  }

  @Test
  void aReusedNameGetsNoRangeOfItsFormerOwner() throws Exception {
    done("user02");
    assertEquals(Status.DONE, run(RANGE, "user02", "300001", OTHER).status());
    assertEquals("user02:2509665536:65536\n", read("subuid"), "another range");
    assertEquals("user02:2509665536:65536\n", read("subgid"));
  }

  @Test
  void aChangedUidKeepsTheRange() throws Exception {
    done("user02");
    assertEquals(Status.DONE, run(RANGE, "user02", "300001").status());
    assertEquals(LINE, read("subuid"));
  }

  @Test
  void linesOfBeforeTheNotesStay() throws Exception {
    Files.writeString(etc.resolve("subuid"), "user02:5:6\n");
    Files.writeString(etc.resolve("subgid"), "user02:5:6\n");
    done("user02");
    assertEquals("user02:5:6\n", read("subuid"));
  }

  @Test
  void aRenamedUserKeepsTheRange() throws Exception {
    done("user02");
    done("newname");
    assertEquals(LINE.replace("user02", "newname"), read("subuid"));
    assertEquals(LINE.replace("user02", "newname"), read("subgid"));
    assertEquals(Status.DONE, run(RANGE, "user02", "300001", OTHER).status());
    assertTrue(read("subuid").contains("user02:2509665536:65536"), read("subuid"));
  }
}
