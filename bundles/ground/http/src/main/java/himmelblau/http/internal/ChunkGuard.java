package himmelblau.http.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Checks a chunked body: refuses a chunk larger than the limit as soon as its size is known, sizes
 * that HttpComponents would accept although RFC 9112 does not allow them ({@code +5}), and trailers
 * that are larger than a header may be.
 */
final class ChunkGuard implements SessionInputBuffer {
  private final SessionInputBuffer buffer;
  private final int limit;
  private boolean last;
  private int trailers;

  ChunkGuard(SessionInputBuffer buffer, int limit) {
    this.buffer = buffer;
    this.limit = limit;
  }

  @Override
  public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
    int read = buffer.readLine(line, in);
    if (last) {
      trailers += line.length();
      if (trailers > HttpConnection.MAX_HEAD) {
        throw new MessageConstraintException("trailers larger than allowed");
      }
    } else if (!line.isEmpty()) { // which it is at the end of a chunk
      String size = line.toString().split(";", 2)[0].strip();
      if (!size.matches("[0-9A-Fa-f]{1,15}")) {
        throw new ProtocolException("a malformed length");
      }
      long bytes = Long.parseLong(size, 16);
      if (bytes > limit) {
        throw HttpMessages.tooLarge(limit);
      }
      last = bytes == 0;
    }
    return read;
  }

  @Override
  public int length() {
    return buffer.length();
  }

  @Override
  public int capacity() {
    return buffer.capacity();
  }

  @Override
  public int available() {
    return buffer.available();
  }

  @Override
  public int read(byte[] bytes, int from, int length, InputStream in) throws IOException {
    return buffer.read(bytes, from, length, in);
  }

  @Override
  public int read(byte[] bytes, InputStream in) throws IOException {
    return buffer.read(bytes, in);
  }

  @Override
  public int read(InputStream in) throws IOException {
    return buffer.read(in);
  }

  @Override
  public HttpTransportMetrics getMetrics() {
    return buffer.getMetrics();
  }
}
