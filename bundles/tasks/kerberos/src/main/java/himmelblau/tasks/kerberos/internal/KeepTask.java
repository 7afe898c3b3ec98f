package himmelblau.tasks.kerberos.internal;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.tasks.files.AccountFiles;
import himmelblau.tasks.files.FileRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The task {@code kerberos-keep} of docs/protocol/tasks.md. */
@Component(property = TaskHandler.TASK + "=kerberos-keep")
public final class KeepTask implements TaskHandler {
  static final Path PROGRAM = Path.of("/usr/lib/himmelblau/bin/himmelblau_ccache");
  static final Duration LONGEST = Duration.ofSeconds(15);

  /** systemd ends the program before it is waited for in vain. */
  static final Surroundings UNIT = new OwnUnit(LONGEST.minusSeconds(2));

  private static final int MOST_CACHES = 2;
  private static final int MOST_BYTES = 64 << 10;

  private final CacheProgram program;
  private final AccountFiles accounts;

  @Activate
  public KeepTask() {
    this(new CacheProgram(PROGRAM, UNIT, LONGEST), new AccountFiles("/etc", "/etc"));
  }

  KeepTask(CacheProgram program, AccountFiles accounts) {
    this.program = program;
    this.accounts = accounts;
  }

  @Override
  public TaskResult run(TaskRequest request) {
    return Failures.asResult(
        () -> {
          TicketOwner owner = TicketOwner.of(request, accounts);
          List<byte[]> caches = caches(request);
          List<String> kept = new ArrayList<>();
          for (int i = 0; i < caches.size(); i++) {
            boolean primary = request.flag("primary") && i == caches.size() - 1;
            TaskResult result =
                program.run(
                    primary ? "keep-primary" : "keep", owner.uid(), owner.gid(), caches.get(i));
            if (!result.done()) {
              return result;
            }
            kept.add(result.detail());
          }
          return new TaskResult(TaskResult.Status.DONE, String.join(", ", kept));
        });
  }

  private static List<byte[]> caches(TaskRequest request) throws IOException {
    List<byte[]> caches = new ArrayList<>();
    for (byte[] next = request.values().get("cache.0");
        next != null;
        next = request.values().get("cache." + caches.size())) {
      boolean cache = next.length > 2 && next[0] == 5 && next[1] == 3; // format of files, version 3
      if (!cache || next.length > MOST_BYTES || caches.size() == MOST_CACHES) {
        throw new FileRefused("What should be a credential cache is none");
      }
      caches.add(next);
    }
    if (caches.isEmpty()) {
      throw new FileRefused("There is no credential cache to keep");
    }
    return caches;
  }
}
