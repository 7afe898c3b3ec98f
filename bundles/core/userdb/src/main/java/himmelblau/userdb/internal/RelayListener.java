package himmelblau.userdb.internal;

import himmelblau.api.log.Log;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * The daemon's side of the relay: only the relay, the daemon's user and root may connect ({@link
 * RelayAccess}), so there is one limit for all; the relay limits each uid.
 */
final class RelayListener implements AutoCloseable {
  private static final Log LOG = Log.of(RelayListener.class);
  private static final int BACKLOG = 64;
  private static final long OUT_OF_DESCRIPTORS = 100; // ms

  /** More than the relay uses, so that a diagnostic tool can connect, too. */
  static final int MOST = 160;

  private final Path path;
  private final ServerSocketChannel server;
  private final CallDispatch dispatch;
  private final VarlinkConnection.Patience patience;
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("userdb-clock").factory());
  private final Set<VarlinkConnection> lines = ConcurrentHashMap.newKeySet();

  private RelayListener(
      Path path,
      ServerSocketChannel server,
      CallDispatch dispatch,
      VarlinkConnection.Patience patience) {
    this.path = path;
    this.server = server;
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
    removeStale(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      RelayAccess.restrict(path, RelayAccess.GROUP);
    } catch (IOException e) {
      server.close();
      throw new IOException(
          "Cannot listen on "
              + path
              + ": "
              + e.getMessage()
              + "; check that himmelblaud may write to its directory?",
          e);
    }
    RelayListener listener = new RelayListener(path, server, dispatch, patience);
    Thread.ofVirtual().name("userdb-accept").start(listener::accept);
    LOG.info("userdb.listening", "path", path);
    return listener;
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    BasicFileAttributes there =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!there.isOther()) {
      throw new IOException(
          "Cannot listen on " + path + ": the path is a file that is not a socket; move it away");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      Files.deleteIfExists(path);
      return;
    }
    throw new IOException(
        "Cannot listen on "
            + path
            + ": another process already listens there; is another himmelblaud running?");
  }

  Path path() {
    return path;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        welcome(server.accept());
      } catch (IOException e) {
        if (!server.isOpen()) {
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
    if (!server.isOpen()) {
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
      server.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("userdb.close_failed", "reason", e.getMessage());
    }
    lines.forEach(VarlinkConnection::close);
    clock.shutdownNow();
  }
}
