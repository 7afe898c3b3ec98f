package himmelblau.tasks.link.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the helper connected: connects, serves tasks, and reconnects. */
final class DaemonReconnector implements AutoCloseable {
  private static final Log LOG = Log.of(DaemonReconnector.class);

  private final Path socket;
  private final TaskHandlers handlers;
  private final Duration between;
  private final Preparation before;
  private final Runnable up;
  private final Runnable idle;
  private final Thread thread;
  private @Nullable DaemonLink link;
  private volatile boolean closed;

  /** What is waited for before the first connection. */
  interface Preparation {
    void await() throws InterruptedException;
  }

  /**
   * Starts to connect.
   *
   * @param between how long to wait after a connection ended or could not be made
   * @param before returns when the helper can do its tasks
   * @param up called each time a connection has been established
   * @param idle called when the daemon has nothing to do; it is not connected to again then
   */
  DaemonReconnector(
      Path socket,
      TaskHandlers handlers,
      Duration between,
      Preparation before,
      Runnable up,
      Runnable idle) {
    this.socket = socket;
    this.handlers = handlers;
    this.between = between;
    this.before = before;
    this.up = up;
    this.idle = idle;
    this.thread = Thread.ofVirtual().name("task-link").unstarted(this::run);
  }

  DaemonReconnector start() {
    thread.start();
    return this;
  }

  Path socket() {
    return socket;
  }

  private void run() {
    String last = "";
    try {
      before.await();
      while (!closed) {
        String reason = once();
        if (!closed && !reason.equals(last)) {
          LOG.warn("link.down", "socket", socket, "reason", reason);
        }
        last = reason;
        if (!closed) {
          Thread.sleep(between);
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  /** Returns why the connection ended. */
  private String once() throws InterruptedException {
    try (DaemonLink fresh = new DaemonLink(DaemonPeer.connect(socket), new TaskRunner(handlers))) {
      synchronized (this) {
        if (closed) {
          return "closed";
        }
        fresh.hello(handlers.tasks());
        link = fresh;
      }
      LOG.info("link.up", "socket", socket, "tasks", handlers.tasks());
      up.run();
      if (fresh.serve()) {
        closed = true;
        LOG.info("link.idle", "socket", socket);
        idle.run();
      }
      return "the daemon closed the connection";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } finally {
      synchronized (this) {
        link = null;
      }
    }
  }

  /** Tells the daemon, if connected, that a handler was added or removed. */
  synchronized void changed() {
    if (link != null) {
      Set<String> tasks = handlers.tasks();
      try {
        link.changed(tasks);
      } catch (IOException e) {
        LOG.warn("link.tasks_not_told", "tasks", tasks, "reason", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    DaemonLink open;
    synchronized (this) {
      closed = true;
      open = link;
    }
    if (open != null) {
      open.close();
    }
    thread.interrupt();
  }
}
