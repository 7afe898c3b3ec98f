package himmelblau.http.internal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.Arrays;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** HttpComponents' connection, for a server that may be hostile. One exchange at a time. */
final class HttpConnection extends DefaultBHttpClientConnection {
  static final int MAX_HEAD = 64 << 10;
  static final int MAX_HEADERS = 128;
  private static final int MAX_INTERIM = 8;
  private static final Http1Config CONFIG =
      Http1Config.custom()
          .setBufferSize(8 << 10)
          .setMaxLineLength(MAX_HEAD)
          .setMaxHeaderCount(MAX_HEADERS)
          .build();

  private final ServerInput incoming;
  private int interim;
  private int limit;
  private volatile @Nullable Rest rest;

  private HttpConnection(Holder sockets) throws IOException {
    super(CONFIG);
    incoming = (ServerInput) sockets.getInputStream();
    bind(sockets);
  }

  /** Without TLS: to a proxy only. */
  static HttpConnection plain(Socket socket) throws IOException {
    return new HttpConnection(new Holder(socket));
  }

  /**
   * With TLS.
   *
   * @param raw the TCP connection below {@code secured}
   */
  static HttpConnection secured(SSLSocket secured, Socket raw) throws IOException {
    return new HttpConnection(new Holder(secured, raw));
  }

  /** It carries nothing from now on. */
  void rests(Rest now) {
    rest = now;
  }

  /** Since when it carries nothing; null for a connection that is new. */
  @Nullable Rest restsSince() {
    return rest;
  }

  /** Sets the maximum size of the body of the next reply. */
  void limit(int bytes) {
    limit = bytes;
    interim = 0;
  }

  @Override
  public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
    incoming.allow(MAX_HEAD + CONFIG.getBufferSize()); // which is how far it reads ahead
    ClassicHttpResponse head = super.receiveResponseHeader();
    incoming.allow(Long.MAX_VALUE);
    if (head.getCode() == 101 || (head.getCode() < 200 && ++interim > MAX_INTERIM)) {
      throw new ProtocolException("too many interim replies");
    }
    return head;
  }

  @Override
  protected InputStream createContentInputStream(
      long length, SessionInputBuffer buffer, InputStream in) {
    if (length == ContentLengthStrategy.CHUNKED) {
      return new ChunkedInputStream(new ChunkGuard(buffer, limit), in, CONFIG);
    }
    boolean untilClose = length == ContentLengthStrategy.UNDEFINED;
    return super.createContentInputStream(length, buffer, untilClose ? incoming.mayEnd() : in);
  }

  /** Whether it may carry another request: still open, and no unrequested data received. */
  boolean usable() {
    try {
      return !isDataAvailable(Timeout.ONE_MILLISECOND);
    } catch (IOException e) {
      return false; // the end among others
    }
  }

  /** Cuts the TCP connection: a polite end of TLS could block on a server that does not read. */
  @Override
  public void close(CloseMode mode) {
    super.close(CloseMode.IMMEDIATE);
  }

  @Override
  public void close() {
    super.close(CloseMode.IMMEDIATE);
  }

  private static final class Holder extends SocketHolder {
    Holder(Socket plain) {
      super(plain);
    }

    Holder(SSLSocket secured, Socket raw) {
      super(secured, raw);
    }

    @Override
    protected InputStream getInputStream(Socket socket) throws IOException {
      return new ServerInput(super.getInputStream(socket));
    }

    @Override
    protected OutputStream getOutputStream(Socket socket) throws IOException {
      return new Wiping(super.getOutputStream(socket));
    }
  }

  /** Clears what was written, which is a buffer or a copy: it may hold tokens and passwords. */
  private static final class Wiping extends FilterOutputStream {
    Wiping(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } finally {
        Arrays.fill(bytes, from, from + length, (byte) 0);
      }
    }
  }
}
