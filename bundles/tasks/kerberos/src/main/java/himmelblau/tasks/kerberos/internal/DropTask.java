package himmelblau.tasks.kerberos.internal;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.tasks.files.AccountFiles;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The task {@code kerberos-drop} of docs/protocol/tasks.md. */
@Component(property = TaskHandler.TASK + "=kerberos-drop")
public final class DropTask implements TaskHandler {
  private final CacheProgram program;
  private final AccountFiles accounts;

  @Activate
  public DropTask() {
    this(
        new CacheProgram(KeepTask.PROGRAM, KeepTask.UNIT, KeepTask.LONGEST),
        new AccountFiles("/etc", "/etc"));
  }

  DropTask(CacheProgram program, AccountFiles accounts) {
    this.program = program;
    this.accounts = accounts;
  }

  @Override
  public TaskResult run(TaskRequest request) {
    return Failures.asResult(
        () -> {
          TicketOwner owner = TicketOwner.of(request, accounts);
          return program.run("drop", owner.uid(), owner.gid(), new byte[0]);
        });
  }
}
