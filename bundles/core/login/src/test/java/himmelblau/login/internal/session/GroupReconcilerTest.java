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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Local groups (host-behaviour 6.3). */
class GroupReconcilerTest {
  private static final UUID USER = new UUID(0, 1);
  private static final UUID GROUP = new UUID(0, 2);

  private final List<TaskRequest> asked = new ArrayList<>();
  private final MemoryDirectory directory = new MemoryDirectory();

  private final RootTasks helper =
      new RootTasks() {
        @Override
        public TaskResult run(TaskRequest request) {
          asked.add(request);
          return new TaskResult(TaskResult.Status.FAILED, "no group file");
        }

        @Override
        public boolean connected() {
          return true;
        }
      };

  private void reconcile(Map<String, Object> options) throws Exception {
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
    GroupReconciler reconciler = new GroupReconciler(config, directory);
    reconciler.reconcile(helper);
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
  void withNothingToDoNothingIsAsked() throws Exception {
    reconcile(Map.of("local_groups", new String[] {" "}));
    assertEquals(List.of(), asked);
  }
}
