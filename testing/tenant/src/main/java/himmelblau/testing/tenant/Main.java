package himmelblau.testing.tenant;

import himmelblau.testing.tenant.admin.AdminHandler;
import himmelblau.testing.tenant.directory.Seed;
import himmelblau.testing.tenant.tls.CertificateAuthority;
import himmelblau.testing.tenant.tls.ConnectProxy;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Starts the emulated tenant. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("run: " + e.getMessage() + "\n\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    if (options.help()) {
      System.out.print(Options.USAGE);
      return;
    }
    try {
      run(options);
    } catch (BindException e) {
      fail("cannot listen: " + e.getMessage() + "; is another one running, or are you not root?");
    } catch (IOException | IllegalArgumentException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static void run(Options options) throws Exception {
    Service service = new Service();
    new Seed(service.directory(), service.settings()).load(options.seed());
    CertificateAuthority authority = CertificateAuthority.in(options.caDirectory());
    CountDownLatch end = new CountDownLatch(1);
    TenantServer server =
        TenantServer.start(
            service,
            authority,
            options.listen(),
            options.admin(),
            started -> new AdminHandler(service, started));
    try {
      InetSocketAddress address = server.address();
      Optional<ConnectProxy> proxy = Optional.empty();
      if (options.proxy().isPresent()) {
        proxy = Optional.of(new ConnectProxy(options.proxy().get(), address));
      }
      System.out.println(
          "ready: https on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ", admin on "
              + options.admin()
              + proxy
                  .map(
                      p ->
                          ", proxy on "
                              + options.proxy().get().getHostString()
                              + ":"
                              + p.address().getPort())
                  .orElse("")
              + ", authority in "
              + options.caDirectory().resolve("ca.pem"));
      Runtime.getRuntime().addShutdownHook(new Thread(end::countDown, "end"));
      if (!options.rehearse()) {
        end.await();
      }
    } finally {
      server.stop();
    }
  }

  private static void fail(String text) {
    System.err.println("run: " + text);
    System.exit(1);
  }
}
