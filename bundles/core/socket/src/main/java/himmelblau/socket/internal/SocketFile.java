package himmelblau.socket.internal;

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

/** A listening unix socket and its name in the file system. */
final class SocketFile implements AutoCloseable {
  private static final int BACKLOG = 128;

  private final Path path;
  private final String mode;
  private volatile Bound bound;
  private boolean withdrawn;
  private boolean closed;

  /** What we listen on now, and the file by which others find it. */
  private record Bound(ServerSocketChannel channel, @Nullable Object inode) {}

  private SocketFile(Path path, String mode, Bound bound) {
    this.path = path;
    this.mode = mode;
    this.bound = bound;
  }

  /**
   * Listens on {@code path}. A stale socket of a dead process is removed; a socket that another
   * process serves, and a file that is not a socket, are not touched.
   *
   * @param mode as {@code rw-rw-rw-}
   * @throws IOException with what failed, why and what to do
   */
  static SocketFile listen(Path path, String mode) throws IOException {
    return new SocketFile(path, mode, bind(path, mode));
  }

  private static Bound bind(Path path, String mode) throws IOException {
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
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
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
   * Removes the name, if it is still ours: whoever comes now waits for the next process. Whoever
   * has connected is still accepted.
   */
  synchronized void withdraw() throws IOException {
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
  synchronized boolean restore() throws IOException {
    if (withdrawn || closed || stands()) {
      return false;
    }
    Bound before = bound;
    bound = bind(path, mode);
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
