package himmelblau.frames;

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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A listening unix socket of the daemon and its name in the file system. Thread-safe; {@link
 * #accept} blocks.
 */
public final class SocketFile implements AutoCloseable {
  private static final int BACKLOG = 128;

  private final Path path;
  private final Access access;
  private volatile Bound bound;
  private boolean withdrawn;
  private boolean closed;

  /** What we listen on now, and the file by which others find it. */
  private record Bound(ServerSocketChannel channel, @Nullable Object inode) {}

  private SocketFile(Path path, Access access, Bound bound) {
    this.path = path;
    this.access = access;
    this.bound = bound;
  }

  /** Decides who may connect: called when the socket has its name, before anybody is accepted. */
  @FunctionalInterface
  public interface Access {
    /**
     * @param socket the file
     * @throws IOException if access cannot be restricted; nobody is accepted then
     */
    void restrict(Path socket) throws IOException;
  }

  /** Access by the permissions of the file. */
  public static Access mode(String permissions) {
    return socket ->
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(permissions));
  }

  /**
   * Listens on {@code path}. A stale socket of a dead process is removed; a socket that another
   * process serves, and a file that is not a socket, are not touched.
   *
   * @throws IOException with what failed, why and what to do
   */
  public static SocketFile listen(Path path, Access access) throws IOException {
    return new SocketFile(path, access, bind(path, access));
  }

  private static Bound bind(Path path, Access access) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(
          "Cannot listen on "
              + path
              + ": no directory "
              + folder
              + "; create it, owned by the user himmelblaud");
    }
    removeStale(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      access.restrict(path);
      return new Bound(channel, inode(path));
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "Cannot listen on "
              + path
              + ": "
              + e.getMessage()
              + "; check that himmelblaud may write to "
              + folder
              + "?",
          e);
    }
  }

  private static void removeStale(Path path) throws IOException {
    BasicFileAttributes there;
    try {
      there = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
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

  public Path path() {
    return path;
  }

  /**
   * The next peer; blocks.
   *
   * @throws java.nio.channels.ClosedChannelException if this was closed, or listens on a new file
   *     since {@link #restore}: {@link #open} tells which
   */
  public SocketChannel accept() throws IOException {
    return bound.channel().accept();
  }

  /** Whether it was not closed. */
  public synchronized boolean open() {
    return !closed;
  }

  /**
   * Removes the name, if it is still ours: whoever comes now waits for the next process. Whoever
   * has connected is still accepted.
   */
  public synchronized void withdraw() throws IOException {
    withdrawn = true;
    if (stands()) {
      Files.deleteIfExists(path);
    }
  }

  /**
   * Listens again when the file was removed or replaced: no client can reach us through the old
   * one.
   *
   * @return whether that was necessary
   * @throws IOException with what failed, why and what to do; the old socket stays as it is
   */
  public synchronized boolean restore() throws IOException {
    if (withdrawn || closed || stands()) {
      return false;
    }
    Bound before = bound;
    bound = bind(path, access);
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
