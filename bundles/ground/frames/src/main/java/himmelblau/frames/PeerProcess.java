package himmelblau.frames;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/**
 * The process that connected to a unix socket, held by a descriptor (SO_PEERPIDFD, pidfd_open(2)):
 * as long as it is {@link #running}, its number is that of no other process. Thread-safe but for
 * {@link #close}.
 */
public final class PeerProcess implements AutoCloseable {
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERPIDFD = 77;
  private static final short POLLIN = 1;
  private static final int POLLFD = 8; // struct pollfd: int fd, short events, short revents

  static {
    Native.register(PeerProcess.class, "c");
  }

  private final int descriptor;

  private PeerProcess(int descriptor) {
    this.descriptor = descriptor;
  }

  private static native int getsockopt(
      int socket, int level, int option, IntByReference value, IntByReference size)
      throws LastErrorException;

  private static native int poll(byte[] descriptors, long count, int milliseconds)
      throws LastErrorException;

  private static native int close(int descriptor);

  /**
   * @throws IOException if the kernel does not tell: it is older than Linux 6.5, or the process has
   *     ended
   */
  public static PeerProcess of(SocketChannel channel) throws IOException {
    IntByReference descriptor = new IntByReference(-1);
    try {
      getsockopt(
          PeerCredentials.number(channel),
          SOL_SOCKET,
          SO_PEERPIDFD,
          descriptor,
          new IntByReference(Integer.BYTES));
    } catch (LastErrorException e) {
      throw new IOException("The kernel did not tell the process: " + e.getMessage(), e);
    }
    return new PeerProcess(descriptor.getValue());
  }

  /** Whether it has not ended. */
  public boolean running() throws IOException {
    ByteBuffer asked = ByteBuffer.allocate(POLLFD).order(ByteOrder.nativeOrder());
    asked.putInt(descriptor).putShort(POLLIN);
    try {
      return poll(asked.array(), 1, 0) == 0; // readable once the process has ended
    } catch (LastErrorException e) {
      throw new IOException("The kernel did not tell about the process: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    close(descriptor);
  }
}
