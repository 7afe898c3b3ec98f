package himmelblau.frames;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import himmelblau.api.login.Peer;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/**
 * Who is at the other end of a unix socket (SO_PEERCRED, unix(7)).
 *
 * <p>Not through {@code jdk.net.ExtendedSocketOptions.SO_PEERCRED}: that turns the ids into names
 * with getpwuid, which asks the host's name service, which asks the daemon.
 */
public final class PeerCredentials {
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int SIZE = 12; // struct ucred: pid, uid, gid

  private static final MethodHandle DESCRIPTOR = descriptor();

  static {
    Native.register(PeerCredentials.class, "c");
  }

  private PeerCredentials() {}

  private static native int getsockopt(
      int socket, int level, int option, byte[] value, IntByReference size)
      throws LastErrorException;

  private static native int getuid();

  /** The uid of this process. */
  public static long own() {
    return Integer.toUnsignedLong(getuid());
  }

  /**
   * @throws IOException if the kernel does not tell
   */
  public static Peer of(SocketChannel channel) throws IOException {
    byte[] credentials = new byte[SIZE];
    IntByReference size = new IntByReference(SIZE);
    try {
      getsockopt(number(channel), SOL_SOCKET, SO_PEERCRED, credentials, size);
    } catch (LastErrorException e) {
      throw new IOException(
          "The kernel did not tell the credentials of the peer: " + e.getMessage(), e);
    }
    if (size.getValue() != SIZE) {
      throw new IOException(
          "The kernel gave the credentials of the peer with " + size.getValue() + " bytes");
    }
    ByteBuffer ucred = ByteBuffer.wrap(credentials).order(ByteOrder.nativeOrder());
    int pid = ucred.getInt();
    long uid = Integer.toUnsignedLong(ucred.getInt());
    long gid = Integer.toUnsignedLong(ucred.getInt());
    return new Peer(uid, gid, pid);
  }

  /** The number of its descriptor. */
  static int number(SocketChannel channel) throws IOException {
    try {
      return (int) DESCRIPTOR.invoke((Object) channel);
    } catch (Throwable e) {
      throw new IOException("The channel has no file descriptor", e);
    }
  }

  private static MethodHandle descriptor() {
    try {
      // The platform's own loader: the framework does not hand out the JDK's internals.
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
