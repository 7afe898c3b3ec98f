package himmelblau.socket.internal;

import himmelblau.api.log.Log;
import himmelblau.api.login.Peer;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameOutput;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import himmelblau.frames.PeerCredentials;
import himmelblau.frames.SocketFile;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/** Accepts connections and gives each a virtual thread, within the limits of each uid. */
final class Listener implements AutoCloseable {
  private static final Log LOG = Log.of(Listener.class);
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final Duration OUT_OF_DESCRIPTORS = Duration.ofMillis(100);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  /** Serves one connection on a thread of its own; the listener closes it afterwards. */
  @FunctionalInterface
  interface Handler {
    void serve(PeerConnection connection) throws IOException, InterruptedException;
  }

  private final String name;
  private final SocketFile file;
  private final PeerLimits limits;
  private final Handler handler;
  private final Deadlines deadlines;
  private final Map<PeerConnection, Thread> serving = new ConcurrentHashMap<>();
  private final ConnectionLimits places;

  /** A peer that sends invalid data in a loop must not fill the log. */
  private final LookupRateLimit lines = new LookupRateLimit(Duration.ofSeconds(6), 10);

  private final Thread acceptor;
  private String lost = ""; // why the file is not there; touched by the deadlines only

  private Listener(String name, SocketFile file, PeerLimits limits, Handler handler) {
    this.name = name;
    this.file = file;
    this.limits = limits;
    this.handler = handler;
    this.places = new ConnectionLimits(name, limits);
    this.deadlines = new Deadlines(name + "-deadlines");
    this.acceptor = Thread.ofVirtual().name(name + "-accept").unstarted(this::accept);
  }

  /**
   * Begins to listen.
   *
   * @throws IOException with what failed, why and what to do
   */
  static Listener open(String name, Path path, String mode, PeerLimits limits, Handler handler)
      throws IOException {
    PeerCredentials.own(); // fails now, not at the first connection, when the JDK hides descriptors
    Listener listener =
        new Listener(name, SocketFile.listen(path, SocketFile.mode(mode)), limits, handler);
    listener.acceptor.start();
    listener.lookAgain();
    LOG.info("socket.listening", "socket", name, "path", path);
    return listener;
  }

  String path() {
    return file.path().toString();
  }

  private void accept() {
    while (file.open()) {
      try {
        welcome(file.accept());
      } catch (IOException e) {
        if (!file.open()) {
          return;
        }
        if (e instanceof AsynchronousCloseException || e instanceof ClosedChannelException) {
          continue; // the file was removed, and we listen on another one
        }
        LOG.error("socket.accept_failed", e, "socket", name);
        try {
          Thread.sleep(OUT_OF_DESCRIPTORS);
        } catch (InterruptedException stop) {
          return;
        }
      }
    }
  }

  private void lookAgain() {
    Future<?> unused = deadlines.after(BETWEEN_LOOKS, this::lookAfterFile);
  }

  /** The file may be deleted from /run: without it no client can connect to the socket. */
  private void lookAfterFile() {
    try {
      if (file.restore()) {
        LOG.warn("socket.restored", "socket", name, "path", file.path(), "why", "it was removed");
      }
      lost = "";
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(lost)) {
        LOG.error("socket.not_restored", e, "socket", name, "path", file.path());
      }
      lost = why;
    }
    if (file.open()) {
      lookAgain();
    }
  }

  private void welcome(SocketChannel channel) throws IOException {
    boolean kept = false;
    try {
      Peer peer = PeerCredentials.of(channel);
      if (!places.enter(peer.uid())) {
        new FrameOutput(channel).write(Frame.of(Kind.NO_ROOM).build()); // fits the empty buffer
        return;
      }
      PeerConnection connection = new PeerConnection(channel, peer, limits, deadlines);
      Thread thread = Thread.ofVirtual().name(name).unstarted(() -> serve(connection));
      serving.put(connection, thread);
      kept = true;
      thread.start();
      if (!file.open()) {
        connection.close(); // closed while we were here, after close() looked at serving
      }
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  private void serve(PeerConnection connection) {
    try (connection) {
      handler.serve(connection);
    } catch (MalformedFrame e) {
      log(connection, connection.expired().orElse(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      connection.expired().ifPresent(why -> log(connection, why));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      LOG.error("connection.failed", e, "socket", name, "uid", connection.peer().uid());
    } finally {
      places.leave(connection.peer().uid());
      serving.remove(connection);
    }
  }

  private void log(PeerConnection connection, String why) {
    Peer peer = connection.peer();
    if (lines.take(peer.uid(), Duration.ZERO, System.nanoTime()).isEmpty()) {
      return;
    }
    LOG.warn(
        "connection.closed", "socket", name, "uid", peer.uid(), "pid", peer.pid(), "reason", why);
  }

  /** Lets nobody new come; whoever is connected stays so. */
  void withdraw() {
    try {
      file.withdraw();
    } catch (IOException e) {
      LOG.warn("socket.close_failed", "socket", name, "reason", e.getMessage());
    }
  }

  /** Stops listening, disconnects all peers and waits a short time for their threads. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("socket.close_failed", "socket", name, "reason", e.getMessage());
    }
    Map<PeerConnection, Thread> left = Map.copyOf(serving);
    left.keySet().forEach(PeerConnection::close);
    Instant deadline = Instant.now().plus(FAREWELL);
    try {
      acceptor.join(until(deadline));
      for (Thread thread : left.values()) {
        if (!thread.join(until(deadline))) {
          LOG.warn("connection.lingers", "socket", name);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deadlines.close();
  }

  /** At least a moment: a thread is told from a lingering one only by waiting for it. */
  private static Duration until(Instant deadline) {
    Duration left = Duration.between(Instant.now(), deadline);
    return left.compareTo(Duration.ofMillis(1)) > 0 ? left : Duration.ofMillis(1);
  }
}
