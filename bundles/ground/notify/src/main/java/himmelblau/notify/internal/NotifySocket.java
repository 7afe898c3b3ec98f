package himmelblau.notify.internal;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;

/** The datagram socket of sd_notify(3). The JDK has no unix datagram sockets, hence libc. */
final class NotifySocket {
  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MAX_ADDRESS = 107; // sun_path without its NUL

  private final String address;

  /**
   * @param address value of NOTIFY_SOCKET: a path, or {@code @name} in the abstract name space
   */
  NotifySocket(String address) {
    this.address = address;
  }

  static {
    Native.register(NotifySocket.class, "c");
  }

  private static native int socket(int domain, int type, int protocol) throws LastErrorException;

  private static native long sendto(
      int socket, byte[] message, long length, int flags, byte[] address, int addressLength)
      throws LastErrorException;

  private static native int close(int descriptor) throws LastErrorException;

  /**
   * Sends one message.
   *
   * @throws LastErrorException if no process listens there
   */
  void send(String state) {
    byte[] name = address.getBytes(StandardCharsets.UTF_8);
    if (name.length == 0 || name.length > MAX_ADDRESS) {
      throw new IllegalArgumentException("NOTIFY_SOCKET is not a socket address: " + address);
    }
    byte[] socketAddress = new byte[2 + name.length];
    socketAddress[0] = (byte) AF_UNIX;
    System.arraycopy(name, 0, socketAddress, 2, name.length);
    if (name[0] == '@') {
      socketAddress[2] = 0;
    }
    byte[] message = state.getBytes(StandardCharsets.UTF_8);
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    try {
      sendto(descriptor, message, message.length, 0, socketAddress, socketAddress.length);
    } finally {
      close(descriptor);
    }
  }
}
