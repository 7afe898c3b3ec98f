package himmelblau.config.internal;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reports when configuration files are created, changed or deleted, or the files that they link to
 * ({@link WatchPlaces}). Reports after a short time without further changes; at the latest after
 * ten times as long.
 */
final class FileWatch implements AutoCloseable {
  private static final Log LOG = Log.of(FileWatch.class);

  private final Layers layers;
  private final Duration quiet;
  private final Runnable changed;
  private final WatchService service;
  private final Thread thread;
  private Map<WatchKey, Set<String>> names; // of the thread, once that runs
  private Set<Path> unwatched = Set.of(); // likewise

  FileWatch(Layers layers, Duration quiet, Runnable changed) throws IOException {
    this.layers = layers;
    this.quiet = quiet;
    this.changed = changed;
    this.service = FileSystems.getDefault().newWatchService();
    this.names = Map.of();
    register(); // before the constructor returns: no gap
    this.thread = Thread.ofVirtual().name("config-watch").start(this::run);
  }

  /** Watches what is there now, and what came while it was looked for. */
  private void register() {
    Map<Path, Set<String>> wanted = WatchPlaces.of(layers);
    Map<Path, Set<String>> before;
    int tries = 0;
    do {
      before = wanted;
      register(wanted);
      wanted = WatchPlaces.of(layers);
    } while (!wanted.equals(before) && ++tries < 5);
  }

  private void register(Map<Path, Set<String>> wanted) {
    Map<WatchKey, Set<String>> keys = new HashMap<>();
    Set<Path> failed = new HashSet<>();
    for (Map.Entry<Path, Set<String>> entry : wanted.entrySet()) {
      try {
        WatchKey key =
            entry
                .getKey()
                .register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
        keys.computeIfAbsent(key, k -> new HashSet<>()).addAll(entry.getValue());
      } catch (NoSuchFileException | NotDirectoryException gone) {
        // The watch of its parent directory reports when it is created again.
      } catch (IOException e) {
        failed.add(entry.getKey()); // likewise when it becomes readable
        if (!unwatched.contains(entry.getKey())) {
          LOG.warn(
              "config.watch.failed",
              "directory",
              entry.getKey(),
              "reason",
              e,
              "effect",
              "changes in it take effect after a reload (SIGHUP)");
        }
      }
    }
    names.keySet().stream().filter(key -> !keys.containsKey(key)).forEach(WatchKey::cancel);
    names = keys;
    unwatched = failed;
  }

  private void run() {
    try {
      while (true) {
        if (drain(service.take())) {
          settle();
          register(); // directories and links may have been created or deleted
          tell();
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException stop) {
      // closed
    }
  }

  private void settle() throws InterruptedException {
    long end = System.nanoTime() + quiet.multipliedBy(10).toNanos();
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      @Nullable WatchKey more = service.poll(Math.min(left, quiet.toNanos()), TimeUnit.NANOSECONDS);
      if (more == null) {
        return;
      }
      drain(more);
    }
  }

  /** Even if this fails, the next change is noticed. */
  private void tell() {
    try {
      changed.run();
    } catch (RuntimeException e) {
      LOG.audit(AuditKind.CONFIGURATION, AuditOutcome.FAILED)
          .error("config.reload_failed", e, "effect", "the running configuration stays in effect");
    }
  }

  private boolean drain(WatchKey key) {
    Set<String> wanted = names.getOrDefault(key, Set.of());
    boolean relevant = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      relevant |=
          event.kind() == StandardWatchEventKinds.OVERFLOW
              || wanted.contains(WatchPlaces.ALL)
              || wanted.contains(String.valueOf(event.context()));
    }
    // A key that is no longer valid lost its directory, which matters.
    return (!key.reset() && names.containsKey(key)) || relevant;
  }

  @Override
  public void close() throws IOException {
    service.close();
    thread.interrupt();
  }
}
