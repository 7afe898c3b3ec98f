package himmelblau.socket.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether the root helper has something to do. A file says so to systemd, which starts the helper
 * while it exists (the unit himmelblaud-tasks.path, decision 0758). Thread-safe.
 */
final class HelperDemand {
  /** In the runtime directory of the daemon; also in himmelblaud-tasks.path. */
  static final String FILE = "helper-wanted";

  private static final Log LOG = Log.of(HelperDemand.class);

  private final Optional<Path> file;
  private int running;
  private long last = System.nanoTime();
  private boolean reported;

  /**
   * @param runtimeDirectory empty if nothing starts the helper when it is wanted: then it is never
   *     told to end
   */
  HelperDemand(Optional<Path> runtimeDirectory) {
    this.file = runtimeDirectory.map(directory -> directory.resolve(FILE));
  }

  /** Whether a helper that is wanted is started. */
  boolean starts() {
    return file.isPresent();
  }

  /** Something will be to do soon. */
  synchronized void soon() {
    renew();
    file.ifPresent(this::create);
  }

  /** A helper came, perhaps because it has something to tell: it stays as long as after a task. */
  synchronized void renew() {
    last = System.nanoTime();
  }

  /** Something is to do, until {@link #done}. */
  synchronized void begin() {
    running++;
    soon();
  }

  synchronized void done() {
    running--;
    renew();
  }

  /**
   * Takes the demand back if there was nothing to do for so long.
   *
   * @param ended runs then, and before anything else begins
   */
  synchronized boolean endAfter(Duration idle, Runnable ended) {
    if (file.isEmpty() || running > 0 || System.nanoTime() - last < idle.toNanos()) {
      return false;
    }
    try {
      Files.deleteIfExists(file.get());
    } catch (IOException e) {
      report("not removed: the helper stays", e);
      return false;
    }
    ended.run();
    return true;
  }

  private void create(Path path) {
    try {
      Files.createFile(path);
      reported = false;
    } catch (FileAlreadyExistsException e) {
      // wanted already
    } catch (IOException e) {
      report("not created: the helper may not be started", e);
    }
  }

  /** Once, not at each task. */
  private void report(String what, IOException why) {
    if (!reported) {
      reported = true;
      LOG.warn(
          "helper.demand",
          "file",
          file.map(Path::toString).orElse(""),
          "what",
          what,
          "reason",
          why);
    }
  }
}
