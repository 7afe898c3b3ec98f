package himmelblau.http.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One open connection to one server, ready for a request. Used by one exchange at a time. */
final class Line implements AutoCloseable {
  private final String key;
  private final Socket raw;
  private final Socket secured;
  private final BufferedInputStream in;
  private final OutputStream out;
  private long idleSince;

  /**
   * @param key what it leads to: only calls with the same key may use it
   * @param raw the TCP connection below {@code secured}
   */
  Line(String key, Socket raw, Socket secured) throws IOException {
    this.key = key;
    this.raw = raw;
    this.secured = secured;
    this.in = new BufferedInputStream(secured.getInputStream(), 16 << 10);
    this.out = secured.getOutputStream();
  }

  String key() {
    return key;
  }

  InputStream in() {
    return in;
  }

  OutputStream out() {
    return out;
  }

  void rest(long now) {
    idleSince = now;
  }

  long restingFor(long now) {
    return now - idleSince;
  }

  /** Whether the server kept it open; reads nothing that belongs to a reply. */
  boolean usable() {
    try {
      secured.setSoTimeout(1);
      int unasked = in.read();
      return unasked < -1; // the end, or bytes that nobody asked for: never usable
    } catch (SocketTimeoutException e) {
      return restoreTimeout();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean restoreTimeout() {
    try {
      secured.setSoTimeout(0); // the exchange as a whole has a deadline
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Cuts the TCP connection: a polite end of TLS could block on a server that does not read. */
  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException e) {
      // Nothing is left to be done with it.
    }
  }
}
