package himmelblau.socket.internal;

import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.frames.PeerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The login uid of a peer's process. The daemon sees no processes of others, so the root helper
 * reads it (docs/protocol/tasks.md); the daemon holds the process meanwhile, so that what was read
 * is that of the process that connected and not of a later one with its number.
 */
final class LoginUids {
  private static final String TASK = "login-uid";
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final long NOT_SET = 0xffff_ffffL;

  private final Supplier<Optional<RootTasks>> tasks;

  LoginUids(Supplier<Optional<RootTasks>> tasks) {
    this.tasks = tasks;
  }

  /**
   * @throws UnknownLoginUid with the reason
   */
  long of(PeerConnection connection) throws UnknownLoginUid {
    try (PeerProcess process = connection.process()) {
      long read = read(connection.peer().pid());
      if (!process.running()) {
        throw new UnknownLoginUid("The process that asked has ended.");
      }
      if (read == NOT_SET) {
        throw new UnknownLoginUid(
            "This process belongs to no sign-in (its login uid is not set, as in a service, a timer"
                + " or a container). Sign in to this host and use sudo.");
      }
      return read;
    } catch (IOException e) {
      throw new UnknownLoginUid(e.getMessage() + ". This needs Linux 6.5 or later.");
    }
  }

  private long read(int pid) throws UnknownLoginUid {
    TaskRequest request =
        new TaskRequest(
            TASK,
            Map.of("pid", Integer.toString(pid).getBytes(StandardCharsets.US_ASCII)),
            PATIENCE);
    TaskResult result =
        tasks
            .get()
            .map(helper -> helper.run(request))
            .orElseThrow(() -> new UnknownLoginUid("The root helper is not connected."));
    if (!result.done()) {
      throw new UnknownLoginUid("The root helper cannot tell: " + result.detail() + ".");
    }
    try {
      return new TaskRequest(TASK, result.values(), PATIENCE).number("login-uid");
    } catch (IllegalArgumentException e) {
      throw new UnknownLoginUid("The root helper cannot tell: " + e.getMessage() + ".");
    }
  }
}
