package himmelblau.testing.tenant;

import himmelblau.testing.tenant.tls.CertificateAuthority;
import himmelblau.testing.tenant.tls.SniKeyManager;
import himmelblau.testing.tenant.web.Dispatcher;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The listeners: HTTPS for clients of the service, plain HTTP for its administrator. */
public final class TenantServer {
  private final Server tenant;
  private final ServerConnector https;
  private final Server admin;

  private TenantServer(Server tenant, ServerConnector https, Server admin) {
    this.tenant = tenant;
    this.https = https;
    this.admin = admin;
  }

  /**
   * Starts both listeners.
   *
   * @param adminAddress {@code HOST:PORT}, or the path of a unix socket
   */
  public static TenantServer start(
      Service service,
      CertificateAuthority authority,
      InetSocketAddress listen,
      String adminAddress,
      java.util.function.Function<TenantServer, Handler> adminHandler)
      throws Exception {
    Server tenant = new Server(threads("tenant"));
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setSslContext(SniKeyManager.context(authority));
    ssl.setWantClientAuth(true);
    HttpConfiguration config = configuration();
    ServerConnector https =
        new ServerConnector(
            tenant,
            1,
            1,
            new SslConnectionFactory(ssl, "http/1.1"),
            new HttpConnectionFactory(config));
    https.setHost(listen.getHostString());
    https.setPort(listen.getPort());
    https.setReuseAddress(true);
    https.setAcceptQueueSize(1024);
    tenant.addConnector(https);
    tenant.setHandler(
        new Dispatcher(service.router(), service.faults(), service.log(), service.clock()));
    Server admin = new Server(threads("admin"));
    TenantServer server = new TenantServer(tenant, https, admin);
    admin.setHandler(adminHandler.apply(server));
    if (adminAddress.contains("/")) {
      UnixDomainServerConnector unix =
          new UnixDomainServerConnector(admin, new HttpConnectionFactory(configuration()));
      unix.setUnixDomainPath(Path.of(adminAddress));
      admin.addConnector(unix);
    } else {
      ServerConnector http =
          new ServerConnector(admin, 1, 1, new HttpConnectionFactory(configuration()));
      InetSocketAddress address = Options.address(adminAddress);
      http.setHost(address.getHostString());
      http.setPort(address.getPort());
      admin.addConnector(http);
    }
    tenant.start();
    admin.start();
    return server;
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration config = new HttpConfiguration();
    config.setSendDateHeader(false);
    config.setSendServerVersion(false);
    config.setRequestHeaderSize(64 * 1024);
    config.setUriCompliance(org.eclipse.jetty.http.UriCompliance.UNSAFE);
    return config;
  }

  private static QueuedThreadPool threads(String name) {
    QueuedThreadPool pool = new QueuedThreadPool(16, 4);
    pool.setName(name);
    pool.setDaemon(true);
    pool.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return pool;
  }

  /** The port that was bound, for those who asked for any. */
  public InetSocketAddress address() {
    return new InetSocketAddress(https.getHost(), https.getLocalPort());
  }

  /** Makes the service unreachable; its state stays. */
  public synchronized void unreachable() throws Exception {
    if (https.isRunning()) {
      int port = https.getLocalPort();
      https.stop();
      https.setPort(port);
    }
  }

  public synchronized void reachable() throws Exception {
    if (!https.isRunning()) {
      https.start();
    }
  }

  public void stop() throws Exception {
    tenant.stop();
    admin.stop();
  }
}
