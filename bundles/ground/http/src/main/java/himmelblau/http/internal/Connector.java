package himmelblau.http.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;

/** Opens connections: tries the addresses in order, through the proxy if there is one, then TLS. */
final class Connector {
  private static final int MAX_ADDRESSES = 6;
  private static final Duration LEAST = Duration.ofMillis(300);

  private final Resolver resolver;
  private final Proxies proxies;

  Connector(Resolver resolver, Proxies proxies) {
    this.resolver = resolver;
    this.proxies = proxies;
  }

  /**
   * Connects to {@code host}.
   *
   * @param opened gets every TCP socket before it is used, so that it can be closed by another
   *     thread
   */
  HttpConnection open(
      String host, int port, HttpSettings settings, SSLContext tls, Consumer<Socket> opened)
      throws IOException, HttpException {
    Optional<Proxies.Via> via = proxies.via(host);
    Socket plain =
        via.isPresent()
            ? tunnel(via.get(), host, port, settings, opened)
            : connect(host, port, settings, opened);
    try {
      SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      return HttpConnection.secured(secured, plain);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private Socket connect(String host, int port, HttpSettings settings, Consumer<Socket> opened)
      throws IOException {
    List<InetAddress> addresses =
        resolver.resolve(host).stream()
            .filter(settings.family()::admits)
            .limit(MAX_ADDRESSES)
            .toList();
    if (addresses.isEmpty()) {
      throw new NoRouteToHostException("no address that ip_version allows");
    }
    Duration share = settings.connect().dividedBy(addresses.size());
    int millis = (int) (share.compareTo(LEAST) < 0 ? LEAST : share).toMillis();
    IOException last = new ConnectException("not tried");
    for (InetAddress address : addresses) {
      Socket socket = new Socket();
      try {
        opened.accept(socket);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(address, port), millis);
        return socket;
      } catch (IOException e) {
        socket.close();
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  private Socket tunnel(
      Proxies.Via via, String host, int port, HttpSettings settings, Consumer<Socket> opened)
      throws IOException, HttpException {
    Socket socket = connect(via.host(), via.port(), settings, opened);
    try {
      String target = host + ":" + port;
      ClassicHttpRequest request = new BasicClassicHttpRequest("CONNECT", (HttpHost) null, target);
      request.addHeader(HttpHeaders.HOST, target);
      via.authorization()
          .ifPresent(value -> request.addHeader(HttpHeaders.PROXY_AUTHORIZATION, value));
      HttpConnection proxy = HttpConnection.plain(socket);
      int status = Exchange.EXECUTOR.execute(request, proxy, HttpCoreContext.create()).getCode();
      if (status / 100 != 2) {
        throw new ConnectException("the proxy " + via.host() + " refused with status " + status);
      }
      if (!proxy.usable()) { // a server waits for the client, so these bytes are from the proxy
        throw new ProtocolException(
            "the proxy " + via.host() + " closed the connection, or sent data too early");
      }
      return socket;
    } catch (IOException | HttpException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }
}
