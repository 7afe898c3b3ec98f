package himmelblau.tasks.link.internal;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks which process listens on the task socket (SO_PEERCRED, unix(7)). */
final class DaemonPeer {
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int UCRED = 12; // pid, uid, gid

  static {
    Native.register(DaemonPeer.class, "c");
  }

  private DaemonPeer() {}

  private static native int getsockopt(
      int socket, int level, int option, byte[] value, IntByReference size)
      throws LastErrorException;

  /**
   * Connects.
   *
   * @throws IOException if no process listens, or one that does not run as the owner of the
   *     directory that contains the socket: root would accept commands from another user
   */
  static SocketChannel connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    try {
      long peer = uid(channel);
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

  private static long uid(SocketChannel channel) throws IOException {
    byte[] credentials = new byte[UCRED];
    try {
      getsockopt(
          Descriptor.of(channel), SOL_SOCKET, SO_PEERCRED, credentials, new IntByReference(UCRED));
    } catch (LastErrorException e) {
      throw new IOException(
          "The kernel did not tell the credentials of the listener: " + e.getMessage(), e);
    }
    return Integer.toUnsignedLong(
        ByteBuffer.wrap(credentials).order(ByteOrder.nativeOrder()).getInt(4));
  }

  /**
   * The number behind a channel. The JDK would turn the peer's ids into names with getpwuid, which
   * asks the host's name service, which asks the daemon that we are about to serve.
   */
  private static final class Descriptor {
    private static final MethodHandle NUMBER = number();

    static int of(SocketChannel channel) throws IOException {
      try {
        return (int) NUMBER.invoke((Object) channel);
      } catch (Throwable e) {
        throw new IOException("The channel has no descriptor", e);
      }
    }

    private static MethodHandle number() {
      try {
        // By the platform's own loader: the framework does not hand out the JDK's internals.
        Class<?> selectable = Class.forName("sun.nio.ch.SelChImpl", false, null);
        return MethodHandles.lookup()
            .findVirtual(selectable, "getFDVal", MethodType.methodType(int.class))
            .asType(MethodType.methodType(int.class, Object.class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "Java must be started with --add-exports=java.base/sun.nio.ch=ALL-UNNAMED", e);
      }
    }
  }
}
