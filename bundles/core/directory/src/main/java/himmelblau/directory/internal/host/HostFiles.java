package himmelblau.directory.internal.host;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * Keeps {@link LocalAccounts} and the {@link UserMap} current. Every query checks the files,
 * because a notification of the kernel may arrive after the password of a new account is set.
 * Watches the directories, not the files: system tools rename new files over old ones.
 */
public final class HostFiles implements AutoCloseable {
  private static final Log LOG = Log.of(HostFiles.class);
  private static final Duration SETTLE = Duration.ofMillis(300);

  /** The combined content of the files. */
  public record State(LocalAccounts accounts, UserMap userMap) {}

  private final Path passwd;
  private final Path group;
  private final Path map;
  private final Runnable changed;
  private final @Nullable WatchService watch;
  private volatile List<FileStamp> stamps;
  private volatile State state;
  private boolean unreadable;

  /**
   * Calls {@code changed} on a thread of its own after the content of the files has changed.
   *
   * @throws UncheckedIOException if the files are there and cannot be read
   */
  public HostFiles(Path passwd, Path group, Path map, Runnable changed) {
    this.passwd = passwd;
    this.group = group;
    this.map = map;
    this.changed = changed;
    this.watch = watch(new HashSet<>(List.of(folder(passwd), folder(group), folder(map))));
    this.stamps = stamps();
    try {
      this.state = read();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException("Cannot read " + passwd + " and " + group, e);
    }
    if (watch != null) {
      WatchService service = watch;
      State told = state;
      Thread.ofVirtual().name("directory-host-files").start(() -> follow(service, told));
    }
  }

  /** The current content of the files; the same object as long as it does not change. */
  public State state() {
    if (!stamps().equals(stamps)) {
      look();
    }
    return state;
  }

  private List<FileStamp> stamps() {
    return List.of(FileStamp.of(passwd), FileStamp.of(group), FileStamp.of(map));
  }

  private State read() throws IOException {
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
      LOG.warn("directory.not_watching", "folders", folders, "reason", e.getMessage());
      return null;
    }
  }

  /** The map is rewritten only when the tools of the host have written all their files. */
  private void follow(WatchService service, State start) {
    State told = start;
    try {
      while (true) {
        taken(service.take());
        long end = System.nanoTime() + SETTLE.toNanos();
        for (long left = SETTLE.toNanos(); left > 0; left = end - System.nanoTime()) {
          WatchKey more = service.poll(left, TimeUnit.NANOSECONDS);
          if (more != null) {
            taken(more);
          }
        }
        State now = look();
        if (!now.equals(told)) {
          told = now;
          LOG.info("directory.local_accounts_changed", "users", now.accounts().users().size());
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

  /** Accounts that cannot be read are still there: what was read last stays in effect. */
  private synchronized State look() {
    List<FileStamp> before = stamps(); // what changes while we read is seen the next time
    try {
      State now = read();
      if (!now.equals(state)) {
        state = now;
      }
      stamps = before;
      unreadable = false;
    } catch (IOException e) {
      if (!unreadable) {
        LOG.error("directory.local_accounts_unreadable", e);
      }
      unreadable = true;
    }
    return state;
  }

  @Override
  public void close() {
    try {
      if (watch != null) {
        watch.close();
      }
    } catch (IOException e) {
      LOG.warn("directory.watch_not_closed", "reason", e.getMessage());
    }
  }
}
