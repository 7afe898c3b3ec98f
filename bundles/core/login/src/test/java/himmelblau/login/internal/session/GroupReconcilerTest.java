package himmelblau.login.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.login.internal.MemoryDirectory;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Local groups (host-behaviour 6.3). */
class GroupReconcilerTest {
  private static final UUID USER = new UUID(0, 1);
  private static final UUID GROUP = new UUID(0, 2);

  @TempDir Path folder;
  private Path groupFile;
  private TaskResult result = new TaskResult(TaskResult.Status.DONE, "");
  private final List<TaskRequest> asked = new ArrayList<>();
  private final MemoryDirectory directory = new MemoryDirectory();

  private final RootTasks helper =
      new RootTasks() {
        @Override
        public TaskResult run(TaskRequest request) {
          asked.add(request);
          return result;
        }

        @Override
        public TaskResult watch(TaskRequest request) {
          throw new UnsupportedOperationException("nothing is watched");
        }

        @Override
        public void prepare() {}

        @Override
        public boolean connected() {
          return false; // it has nothing to do and starts when it is needed
        }

        @Override
        public boolean available() {
          return true;
        }
      };

  @BeforeEach
  void writeGroupFile() throws Exception {
    groupFile = folder.resolve("group");
    Files.writeString(groupFile, "users:x:100:");
  }

  private GroupReconciler reconciler(Map<String, Object> options) throws Exception {
    AccountName name = AccountName.parse("user01@example.org").orElseThrow();
    directory.record(
        new DirectoryUser(name, Optional.of(USER), Optional.of("t"), "User", PosixAttributes.NONE),
        Optional.of(List.of(new Group(GROUP, "admins", OptionalLong.empty()))));
    GroupReconciler.Config config =
        (GroupReconciler.Config)
            Proxy.newProxyInstance(
                GroupReconciler.class.getClassLoader(),
                new Class<?>[] {GroupReconciler.Config.class},
                (proxy, method, arguments) ->
                    options.getOrDefault(method.getName(), method.getDefaultValue()));
    return new GroupReconciler(config, directory, groupFile);
  }

  private void reconcile(Map<String, Object> options) throws Exception {
    GroupReconciler reconciler = reconciler(options);
    reconciler.reconcile(helper, null);
    reconciler.stop();
  }

  @Test
  void usersWhoHaveSignedInAreChecked() throws Exception {
    reconcile(Map.of("local_groups", new String[] {"users"}));
    assertEquals(1, asked.size());
    assertEquals("groups", asked.getFirst().task());
    assertEquals(List.of(GROUP.toString()), asked.getFirst().texts("group"));
  }

  @Test
  void whatHasNotChangedIsNotCheckedAgain() throws Exception {
    GroupReconciler reconciler = reconciler(Map.of("local_groups", new String[] {"users"}));
    GroupInputs first = reconciler.reconcile(helper, null);
    GroupInputs second = reconciler.reconcile(helper, first);
    assertEquals(1, asked.size());

    Files.writeString(groupFile, "users:x:100:somebody");
    GroupInputs third = reconciler.reconcile(helper, second);
    assertEquals(2, asked.size(), "an administrator has edited the file");

    Path other = folder.resolve("other");
    Files.writeString(other, "users:x:100:otherbody");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(groupFile));
    Files.move(other, groupFile, StandardCopyOption.REPLACE_EXISTING);
    GroupInputs fourth = reconciler.reconcile(helper, third);
    assertEquals(3, asked.size(), "the file was replaced by one of the same size and time");

    directory.record(
        new DirectoryUser(
            AccountName.parse("user01@example.org").orElseThrow(),
            Optional.of(USER),
            Optional.of("t"),
            "User",
            PosixAttributes.NONE),
        Optional.of(List.of()));
    reconciler.reconcile(helper, fourth);
    assertEquals(4, asked.size(), "the user has left a group of the directory");
    reconciler.stop();
  }

  @Test
  void whatFailedIsTriedAgain() throws Exception {
    GroupReconciler reconciler = reconciler(Map.of("local_groups", new String[] {"users"}));
    result = new TaskResult(TaskResult.Status.FAILED, "no group file");
    GroupInputs first = reconciler.reconcile(helper, null);
    reconciler.reconcile(helper, first);
    assertEquals(2, asked.size());
    reconciler.stop();
  }

  @Test
  void withNothingToDoNothingIsAsked() throws Exception {
    reconcile(Map.of("local_groups", new String[] {" "}));
    assertEquals(List.of(), asked);
  }
}
