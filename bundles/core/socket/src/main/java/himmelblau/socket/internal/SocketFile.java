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
  private final ServerSocketChannel channel;
  private final @Nullable Object inode;

  private SocketFile(Path path, ServerSocketChannel channel, @Nullable Object inode) {
    this.path = path;
    this.channel = channel;
    this.inode = inode;
  }

  /**
   * Listens on {@code path}. A socket that a dead process left there is removed; one that somebody
   * answers, and anything that is no socket, is left alone.
   *
   * @param mode as {@code rw-rw-rw-}
   * @throws IOException with what failed, why and what to do
   */
  static SocketFile listen(Path path, String mode) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(
          "Cannot listen on " + path + ": there is no directory " + folder + "; create it for us");
    }
    removeStale(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
      return new SocketFile(path, channel, inode(path));
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "Cannot listen on " + path + ": " + e.getMessage() + "; may we write to " + folder + "?",
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
          "Cannot listen on " + path + ": a file is there that is no socket; move it away");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      Files.deleteIfExists(path);
      return;
    }
    throw new IOException(
        "Cannot listen on " + path + ": somebody does already; is another himmelblaud running?");
  }

  private static @Nullable Object inode(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  Path path() {
    return path;
  }

  SocketChannel accept() throws IOException {
    return channel.accept();
  }

  boolean open() {
    return channel.isOpen();
  }

  /** Stops listening and removes the name, if it is still ours. */
  @Override
  public void close() throws IOException {
    channel.close();
    try {
      if (Objects.equals(inode, inode(path))) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      // somebody tidied up before us
    }
  }
}
