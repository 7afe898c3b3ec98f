package himmelblau.login.internal.session;

import himmelblau.api.directory.Account;
import himmelblau.api.log.Log;
import himmelblau.api.login.PamCode;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.settings.LoginSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tasks of the root helper for a new session (docs/protocol/tasks.md). */
public final class SessionOpening {
  private static final Log LOG = Log.of(SessionOpening.class);
  private static final Duration BUDGET = Duration.ofSeconds(1);

  private final SignInEnvironment environment;

  public SessionOpening(SignInEnvironment environment) {
    this.environment = environment;
  }

  public PamCode open(Account account) {
    Optional<RootTasks> tasks = environment.tasks().get();
    if (tasks.isEmpty()) {
      LOG.warn("login.session", "account", account.name(), "why", "no root helper");
      return PamCode.IGNORE;
    }
    boolean home = run(tasks.get(), account, request("home", home(account)));
    run(tasks.get(), account, GroupTask.of(account, BUDGET));
    run(tasks.get(), account, request("subids", user(account)));
    return home ? PamCode.SUCCESS : PamCode.IGNORE;
  }

  private static TaskRequest request(String task, Map<String, String> values) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    values.forEach((name, value) -> bytes.put(name, value.getBytes(StandardCharsets.UTF_8)));
    return new TaskRequest(task, bytes, BUDGET);
  }

  private boolean run(RootTasks tasks, Account account, TaskRequest request) {
    TaskResult result = tasks.run(request);
    String task = request.task();
    if (result.status() == TaskResult.Status.NO_SUCH_TASK) {
      LOG.debug("login.task", "account", account.name(), "task", task, "status", result.status());
    } else {
      LOG.info(
          "login.task",
          "account",
          account.name(),
          "task",
          task,
          "status",
          result.status(),
          "detail",
          result.detail());
    }
    return result.done();
  }

  private Map<String, String> home(Account account) {
    LoginSettings settings = environment.settings();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("uid", Long.toString(account.passwd().uid()));
    values.put("gid", Long.toString(account.passwd().gid()));
    values.put("prefix", account.homePrefix());
    values.put("name", account.homeName());
    List<String> aliases = account.homeAliases();
    for (int i = 0; i < aliases.size(); i++) {
      values.put("alias." + i, aliases.get(i));
    }
    values.put("skel", settings.skel() ? "1" : "0");
    values.put("selinux", settings.selinux() ? "1" : "0");
    return values;
  }

  private static Map<String, String> user(Account account) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("user", account.passwd().name());
    values.put("uid", Long.toString(account.passwd().uid()));
    account.objectId().ifPresent(id -> values.put("id", id.toString()));
    return values;
  }
}
