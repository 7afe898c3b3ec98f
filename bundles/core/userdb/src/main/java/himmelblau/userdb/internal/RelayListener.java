package himmelblau.userdb.internal;

import himmelblau.api.log.Log;
import himmelblau.frames.SocketFile;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The daemon's side of the relay: only the relay, the daemon's user and root may connect ({@link
 * RelayAccess}), so there is one limit for all; the relay limits each uid.
 */
final class RelayListener implements AutoCloseable {
  private static final Log LOG = Log.of(RelayListener.class);
  private static final long OUT_OF_DESCRIPTORS = 100; // ms
  private static final long BETWEEN_LOOKS = 5; // seconds

  /** More than the relay uses, so that a diagnostic tool can connect, too. */
  static final int MOST = 160;

  private final SocketFile socket;
  private final CallDispatch dispatch;
  private final VarlinkConnection.Patience patience;
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("userdb-clock").factory());
  private final Set<VarlinkConnection> lines = ConcurrentHashMap.newKeySet();
  private String lost = ""; // why the file is not there; touched by the clock only

  private RelayListener(
      SocketFile socket, CallDispatch dispatch, VarlinkConnection.Patience patience) {
    this.socket = socket;
    this.dispatch = dispatch;
    this.patience = patience;
    clock.setRemoveOnCancelPolicy(true);
    clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Begins to listen.
   *
   * @throws IOException with what failed, why and what to do
   */
  static RelayListener open(Path path, CallDispatch dispatch, VarlinkConnection.Patience patience)
      throws IOException {
    RelayListener listener =
        new RelayListener(
            SocketFile.listen(path, file -> RelayAccess.restrict(file, RelayAccess.GROUP)),
            dispatch,
            patience);
    Thread.ofVirtual().name("userdb-accept").start(listener::accept);
    ScheduledFuture<?> unused = // ends with the clock
        listener.clock.scheduleWithFixedDelay(
            listener::lookAfterFile, BETWEEN_LOOKS, BETWEEN_LOOKS, TimeUnit.SECONDS);
    LOG.info("userdb.listening", "path", path);
    return listener;
  }

  Path path() {
    return socket.path();
  }

  /** The file may be deleted from /run: without it the relay cannot connect to the socket. */
  private void lookAfterFile() {
    try {
      if (socket.restore()) {
        LOG.warn("userdb.restored", "path", socket.path(), "why", "it was removed");
      }
      lost = "";
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(lost)) {
        LOG.error("userdb.not_restored", e, "path", socket.path());
      }
      lost = why;
    }
  }

  private void accept() {
    while (socket.open()) {
      try {
        welcome(socket.accept());
      } catch (ClosedChannelException e) {
        // the file was removed, and we listen on another one; or closed
      } catch (IOException e) {
        if (!socket.open()) {
          return;
        }
        LOG.error("userdb.accept_failed", e);
        try {
          Thread.sleep(OUT_OF_DESCRIPTORS);
        } catch (InterruptedException stop) {
          return;
        }
      }
    }
  }

  private void welcome(SocketChannel channel) throws IOException {
    if (lines.size() >= MOST) {
      LOG.warn("userdb.refused", "reason", "too many connections");
      channel.close();
      return;
    }
    VarlinkConnection line = new VarlinkConnection(channel, patience, clock);
    lines.add(line);
    Thread.ofVirtual().name("userdb").start(() -> serve(line));
    if (!socket.open()) {
      line.close(); // closed while we were here, after close() looked at lines
    }
  }

  private void serve(VarlinkConnection line) {
    try (line) {
      dispatch.serve(line);
    } catch (MalformedCall e) {
      LOG.warn("userdb.closed", "reason", line.expired().orElse(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      line.expired().ifPresent(why -> LOG.warn("userdb.closed", "reason", why));
    } catch (RuntimeException e) {
      LOG.error("userdb.failed", e);
    } finally {
      lines.remove(line);
    }
  }

  /** Stops listening and disconnects all peers. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.warn("userdb.close_failed", "reason", e.getMessage());
    }
    lines.forEach(VarlinkConnection::close);
    clock.shutdownNow();
  }
}
