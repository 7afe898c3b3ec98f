package himmelblau.userdb.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The listening socket for the relay and its name in the file system. Thread-safe. */
final class RelaySocket implements AutoCloseable {
  private static final int BACKLOG = 64;

  private final Path path;
  private volatile Bound bound;
  private boolean closed;

  /** What we listen on now, and the file by which the relay finds it. */
  private record Bound(ServerSocketChannel channel, @Nullable Object inode) {}

  private RelaySocket(Path path, Bound bound) {
    this.path = path;
    this.bound = bound;
  }

  /**
   * Begins to listen. A stale socket of a dead process is removed; a socket that another process
   * serves, and a file that is not a socket, are not touched.
   *
   * @throws IOException with what failed, why and what to do
   */
  static RelaySocket listen(Path path) throws IOException {
    return new RelaySocket(path, bind(path));
  }

  private static Bound bind(Path path) throws IOException {
    removeStale(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      RelayAccess.restrict(path, RelayAccess.GROUP);
      return new Bound(channel, inode(path));
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "Cannot listen on "
              + path
              + ": "
              + e.getMessage()
              + "; check that himmelblaud may write to its directory?",
          e);
    }
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

  private static @Nullable Object inode(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  Path path() {
    return path;
  }

  SocketChannel accept() throws IOException {
    return bound.channel().accept();
  }

  synchronized boolean open() {
    return !closed;
  }

  /**
   * Listens again when the file was removed or replaced: the relay cannot reach us through the old
   * one.
   *
   * @return whether that was necessary
   * @throws IOException with what failed, why and what to do; the old socket stays as it is
   */
  synchronized boolean restore() throws IOException {
    if (closed || stands()) {
      return false;
    }
    Bound before = bound;
    bound = bind(path);
    before.channel().close();
    return true;
  }

  private boolean stands() throws IOException {
    try {
      return Objects.equals(bound.inode(), inode(path));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Stops listening and removes the name, if it is still ours. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    bound.channel().close();
    if (stands()) {
      Files.deleteIfExists(path);
    }
  }
}
