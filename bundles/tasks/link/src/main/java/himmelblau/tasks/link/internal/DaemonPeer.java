package himmelblau.tasks.link.internal;

import himmelblau.frames.PeerCredentials;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks which process listens on the task socket. */
final class DaemonPeer {
  private DaemonPeer() {}

  /**
   * Connects.
   *
   * @throws IOException if no process listens, or one that does not run as the owner of the
   *     directory that contains the socket: root would accept commands from another user
   */
  static SocketChannel connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    try {
      long peer = PeerCredentials.of(channel).uid();
      Path directory = socket.toAbsolutePath().getParent();
      long owner = Integer.toUnsignedLong((Integer) Files.getAttribute(directory, "unix:uid"));
      int mode = (Integer) Files.getAttribute(directory, "unix:mode");
      if (peer != 0 && peer != owner) {
        throw new IOException(
            "At "
                + socket
                + " listens uid "
                + peer
                + ", but "
                + directory
                + " is uid "
                + owner
                + "'s");
      }
      if ((mode & 0022) != 0) {
        throw new IOException(
            directory
                + " can be written to by other users; run chmod go-w on it, then the helper connects");
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
