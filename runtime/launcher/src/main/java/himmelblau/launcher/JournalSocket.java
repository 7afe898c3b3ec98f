package himmelblau.launcher;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;

/**
 * One datagram socket, from which entries go to the journal. The JDK has no unix datagram sockets,
 * hence libc. Thread-safe; open as long as the process lives.
 */
final class JournalSocket {
  static final String PLACE = "/run/systemd/journal/socket";

  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private final byte[] address;
  private final int descriptor;

  static {
    Native.register(JournalSocket.class, "c");
  }

  private static native int socket(int domain, int type, int protocol) throws LastErrorException;

  private static native long sendto(
      int socket, byte[] message, long length, int flags, byte[] address, int addressLength)
      throws LastErrorException;

  /**
   * @param place the path of the journal's socket, at most 107 bytes
   * @throws LastErrorException if there can be no socket
   */
  JournalSocket(String place) {
    byte[] name = place.getBytes(StandardCharsets.UTF_8);
    address = new byte[2 + name.length + 1];
    address[0] = (byte) AF_UNIX;
    System.arraycopy(name, 0, address, 2, name.length);
    descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  }

  /**
   * Sends one entry without waiting.
   *
   * @return false if it was not accepted: no journal, the queue is full, or it is too large
   */
  boolean send(byte[] entry) {
    try {
      sendto(descriptor, entry, entry.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length);
      return true;
    } catch (LastErrorException e) {
      return false;
    }
  }
}
