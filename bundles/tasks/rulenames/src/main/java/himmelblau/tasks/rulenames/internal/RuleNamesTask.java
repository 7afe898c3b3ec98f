package himmelblau.tasks.rulenames.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The task {@code rule-names} of docs/protocol/tasks.md. Answers at once if the caller does not
 * know the current names; otherwise when they change, or shortly before the deadline.
 */
@Component(property = TaskHandler.TASK + "=rule-names")
public final class RuleNamesTask implements TaskHandler {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
  private static final Duration MARGIN = Duration.ofSeconds(3);

  private final Path root;
  private volatile boolean stopped;

  @Activate
  public RuleNamesTask() {
    this(Path.of("/"));
  }

  RuleNamesTask(Path root) {
    this.root = root;
  }

  @Deactivate
  void stop() {
    stopped = true;
  }

  @Override
  public TaskResult run(TaskRequest request) {
    try {
      String known = request.text("known").orElse("");
      long end = System.nanoTime() + request.deadline().minus(MARGIN).toNanos();
      RuleFiles.Reading reading = RuleFiles.read(root);
      while (digest(reading).equals(known) && !stopped && System.nanoTime() < end) {
        Thread.sleep(BETWEEN_LOOKS);
        if (!reading.current()) {
          reading = RuleFiles.read(root);
        }
      }
      return new TaskResult(
          Status.DONE,
          reading.trouble().isEmpty()
              ? reading.names().size() + " names"
              : "every name, because " + reading.trouble(),
          Map.of("names", reading.lines(), "digest", digest(reading).getBytes(UTF_8)));
    } catch (IllegalArgumentException e) {
      return new TaskResult(Status.REFUSED, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return new TaskResult(Status.TIMED_OUT, "Stopped while waiting for a change");
    }
  }

  private static String digest(RuleFiles.Reading reading) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(reading.lines()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
