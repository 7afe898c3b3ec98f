package himmelblau.http.internal;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.MessageConstraintException;

/**
 * The bytes that a server sends. HttpComponents accepts the end of the connection as the end of a
 * header or of trailers, so an attacker who can cut a TCP connection could shorten a reply. Here
 * that is an error.
 */
final class ServerInput extends FilterInputStream {
  private long allowed = Long.MAX_VALUE;

  ServerInput(InputStream in) {
    super(in);
  }

  /** Fails once more than {@code bytes} have come from now on. */
  void allow(long bytes) {
    allowed = bytes;
  }

  /** The same for a body that lasts until the server closes. */
  InputStream mayEnd() {
    return in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    read(one, 0, 1);
    return one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int count = in.read(bytes, from, length);
    if (count < 0) {
      throw new EOFException("the server closed the connection before the end of a reply");
    }
    allowed -= count;
    if (allowed < 0) {
      throw new MessageConstraintException("headers larger than allowed");
    }
    return count;
  }
}
