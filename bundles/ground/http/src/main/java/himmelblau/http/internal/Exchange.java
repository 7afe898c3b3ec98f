package himmelblau.http.internal;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply. Runs on a thread of its own; may be cancelled by another thread.
 *
 * <p>A connection that has rested may be dead without that anybody was told: the host was
 * suspended, has another network, or something on the way has forgotten it. What may be sent twice
 * (RFC 9110, 9.2.2) is then sent again over a new connection; all else is sent only over one that
 * was alive just now.
 */
final class Exchange {
  private static final int HTTPS_PORT = 443;
  private static final Duration JUST_NOW = Duration.ofSeconds(1);
  static final HttpRequestExecutor EXECUTOR = new HttpRequestExecutor();

  private final HttpCall call;
  private final HttpSettings settings;
  private final TrustStore trust;
  private final Connector connector;
  private final ConnectionPool pool;
  private @Nullable AutoCloseable open;
  private boolean ended;

  Exchange(
      HttpCall call,
      HttpSettings settings,
      TrustStore trust,
      Connector connector,
      ConnectionPool pool) {
    this.call = call;
    this.settings = settings;
    this.trust = trust;
    this.connector = connector;
    this.pool = pool;
  }

  /** Nothing came back over a connection that had rested. */
  private static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;
  }

  HttpReply run() throws IOException {
    TrustStore.Anchors anchors = trust.current();
    try {
      return over(anchors, repeatable() ? ConnectionPool.LIFE : JUST_NOW);
    } catch (NoAnswer first) {
      pool.discardAll();
    }
    try {
      return over(anchors, Duration.ZERO.minusNanos(1)); // none has rested for less than no time
    } catch (NoAnswer impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private boolean repeatable() {
    return call.body() == null && (call.method().equals("GET") || call.method().equals("HEAD"));
  }

  private HttpReply over(TrustStore.Anchors anchors, Duration longestRest)
      throws IOException, NoAnswer {
    URI uri = call.uri();
    ClassicHttpRequest request = HttpMessages.request(call);
    String route = HttpMessages.authority(uri) + '|' + settings.family() + '|' + anchors.stamp();
    PoolEntry<String, HttpConnection> entry = pool.take(route, longestRest);
    boolean reusable = false;
    try {
      HttpConnection connection = entry.getConnection();
      boolean doubtful = connection != null && !pool.rested(connection, JUST_NOW);
      if (connection == null) {
        connection = connect(uri, anchors);
        entry.assignConnection(connection);
      }
      hold(connection);
      connection.limit(call.maxBody());
      HttpCoreContext context = HttpCoreContext.create();
      ClassicHttpResponse response =
          doubtful && repeatable()
              ? soon(request, connection, context)
              : EXECUTOR.execute(request, connection, context);
      HttpReply reply = HttpMessages.reply(response, call.maxBody());
      reusable =
          DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context)
              && !smuggles(response);
      return reply;
    } catch (MessageConstraintException e) {
      throw new ProtocolException("headers larger than allowed");
    } catch (HttpException | MalformedChunkCodingException | IllegalArgumentException e) {
      // Not as the cause: it quotes what was sent, which may be a secret.
      throw new ProtocolException("not a well-formed HTTP/1.1 reply");
    } finally {
      release(entry, reusable);
    }
  }

  /** The answer, or that there is none within a short time. */
  private ClassicHttpResponse soon(
      ClassicHttpRequest request, HttpConnection connection, HttpCoreContext context)
      throws IOException, HttpException, NoAnswer {
    try {
      connection.setSocketTimeout(Timeout.of(settings.firstAnswer()));
      ClassicHttpResponse response = EXECUTOR.execute(request, connection, context);
      connection.setSocketTimeout(Timeout.DISABLED);
      return response;
    } catch (ProtocolException | MessageConstraintException e) {
      throw e; // an answer
    } catch (IOException e) {
      if (ended()) {
        throw e;
      }
      throw new NoAnswer();
    }
  }

  private HttpConnection connect(URI uri, TrustStore.Anchors anchors)
      throws IOException, HttpException {
    int port = uri.getPort() < 0 ? HTTPS_PORT : uri.getPort();
    return connector.open(uri.getHost(), port, settings, anchors.context(), this::hold);
  }

  private static boolean smuggles(ClassicHttpResponse response) {
    return response.containsHeader(HttpHeaders.TRANSFER_ENCODING)
        && response.containsHeader(HttpHeaders.CONTENT_LENGTH);
  }

  private synchronized void hold(AutoCloseable resource) {
    open = resource;
    if (ended) {
      closeQuietly(resource);
    }
  }

  private synchronized boolean ended() {
    return ended;
  }

  private void release(PoolEntry<String, HttpConnection> entry, boolean reusable) {
    boolean keep;
    synchronized (this) { // not around the pool's lock: JDK 21 pins a carrier here
      open = null;
      keep = reusable && !ended;
    }
    pool.giveBack(entry, keep);
  }

  /** Makes {@link #run} fail soon, whatever it waits for. */
  synchronized void end() {
    ended = true;
    if (open != null) {
      closeQuietly(open);
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // Closing is all that can be done with it.
    }
  }
}
