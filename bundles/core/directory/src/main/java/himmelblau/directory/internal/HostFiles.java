package himmelblau.directory.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@link LocalAccounts} and the {@link UserMap} current. Watches the folders, not the files:
 * the tools of the host rename new files over old ones.
 */
final class HostFiles implements AutoCloseable {
  private static final Log LOG = Log.of(HostFiles.class);
  private static final Duration SETTLE = Duration.ofMillis(300);

  /** What the files say together. */
  record State(LocalAccounts accounts, UserMap userMap) {}

  private final Path passwd;
  private final Path group;
  private final Path map;
  private final Runnable changed;
  private final @Nullable WatchService watch;
  private volatile State state;

  /** Calls {@code changed} on a thread of its own after the files said something new. */
  HostFiles(Path passwd, Path group, Path map, Runnable changed) {
    this.passwd = passwd;
    this.group = group;
    this.map = map;
    this.changed = changed;
    this.watch = watch(new HashSet<>(List.of(folder(passwd), folder(group), folder(map))));
    this.state = read();
    if (watch != null) {
      WatchService service = watch;
      Thread.ofVirtual().name("directory-host-files").start(() -> follow(service));
    }
  }

  State state() {
    return state;
  }

  private State read() {
    UserMap users = UserMap.read(map);
    return new State(LocalAccounts.read(passwd, group, users), users);
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static @Nullable WatchService watch(Set<Path> folders) {
    try {
      WatchService service = Path.of("/").getFileSystem().newWatchService();
      for (Path folder : folders) {
        if (Files.isDirectory(folder)) {
          folder.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
        }
      }
      return service;
    } catch (IOException e) {
      LOG.warn("directory.not-watching", "folders", folders, "reason", e.getMessage());
      return null;
    }
  }

  /**
   * A new local account counts at once, since its password may be set in the next moment; what is
   * made anew of it waits until the tools of the host have written all their files.
   */
  private void follow(WatchService service) {
    try {
      while (true) {
        taken(service.take());
        long end = System.nanoTime() + SETTLE.toNanos();
        boolean news = look();
        for (long left = SETTLE.toNanos(); left > 0; left = end - System.nanoTime()) {
          WatchKey more = service.poll(left, TimeUnit.NANOSECONDS);
          if (more != null) {
            taken(more);
            news |= look();
          }
        }
        if (news) {
          LOG.info("directory.local-accounts-changed", "users", state.accounts().users().size());
          changed.run();
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException stop) {
      // closed
    }
  }

  private static void taken(WatchKey key) {
    key.pollEvents();
    key.reset();
  }

  /** Whether the files say something new. */
  private boolean look() {
    State now = read();
    if (now.equals(state)) {
      return false;
    }
    state = now;
    return true;
  }

  @Override
  public void close() {
    try {
      if (watch != null) {
        watch.close();
      }
    } catch (IOException e) {
      LOG.warn("directory.watch-not-closed", "reason", e.getMessage());
    }
  }
}
