package himmelblau.config.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
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

/**
 * Tells when configuration files come, go or change. Watches directories, not files, so that a new
 * file renamed over the old one is seen; of a directory that does not exist yet, the nearest one
 * above it. Says so once things have been quiet for a moment.
 */
final class FileWatch implements AutoCloseable {
  private static final Log LOG = Log.of(FileWatch.class);

  private final Layers layers;
  private final Duration quiet;
  private final Runnable changed;
  private final WatchService service;
  private final Thread thread;

  FileWatch(Layers layers, Duration quiet, Runnable changed) throws IOException {
    this.layers = layers;
    this.quiet = quiet;
    this.changed = changed;
    this.service = FileSystems.getDefault().newWatchService();
    Map<WatchKey, Set<String>> names = register(); // before the constructor returns: no gap
    this.thread = Thread.ofVirtual().name("config-watch").start(() -> run(names));
  }

  /** Which names matter in which directory; all of them where the set is empty. */
  private Map<WatchKey, Set<String>> register() throws IOException {
    Map<Path, Set<String>> wanted = new HashMap<>();
    for (Path main : layers.mains()) {
      Path absolute = main.toAbsolutePath();
      want(wanted, absolute);
      Path dropIns = Layers.dropIns(absolute);
      want(wanted, dropIns);
      if (Files.isDirectory(dropIns)) {
        wanted.put(dropIns, Set.of());
      }
    }
    Map<WatchKey, Set<String>> keys = new HashMap<>();
    for (Map.Entry<Path, Set<String>> entry : wanted.entrySet()) {
      WatchKey key =
          entry
              .getKey()
              .register(
                  service,
                  StandardWatchEventKinds.ENTRY_CREATE,
                  StandardWatchEventKinds.ENTRY_DELETE,
                  StandardWatchEventKinds.ENTRY_MODIFY);
      keys.put(key, entry.getValue());
    }
    return keys;
  }

  private static void want(Map<Path, Set<String>> wanted, Path file) {
    Path name = file;
    Path directory = file.getParent();
    while (directory != null && !Files.isDirectory(directory)) {
      name = directory;
      directory = directory.getParent();
    }
    if (directory != null) {
      wanted
          .computeIfAbsent(directory, d -> new HashSet<>())
          .add(String.valueOf(name.getFileName()));
    }
  }

  private void run(Map<WatchKey, Set<String>> first) {
    Map<WatchKey, Set<String>> names = first;
    try {
      while (true) {
        WatchKey key = service.take();
        boolean relevant = drain(key, names);
        if (!relevant) {
          continue;
        }
        for (WatchKey more = next(); more != null; more = next()) {
          drain(more, names);
        }
        names = register(); // directories may have come or gone
        changed.run();
      }
    } catch (InterruptedException | ClosedWatchServiceException stop) {
      // closed
    } catch (IOException e) {
      LOG.error("config.watch.failed", e, "effect", "changes are seen after a reload (SIGHUP)");
    }
  }

  private @org.jspecify.annotations.Nullable WatchKey next() throws InterruptedException {
    return service.poll(quiet.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static boolean drain(WatchKey key, Map<WatchKey, Set<String>> names) {
    Set<String> wanted = names.get(key);
    boolean relevant = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      relevant |=
          event.kind() == StandardWatchEventKinds.OVERFLOW
              || (wanted != null
                  && (wanted.isEmpty() || wanted.contains(String.valueOf(event.context()))));
    }
    // A key that is no longer valid lost its directory, which matters.
    return !key.reset() || relevant;
  }

  @Override
  public void close() throws IOException {
    service.close();
    thread.interrupt();
  }
}
