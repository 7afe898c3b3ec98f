package himmelblau.http.internal;

import himmelblau.api.http.Http;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The real client, led to an emulated tenant by a proxy and trusting its CA. */
public final class ProxiedHttp {
  private ProxiedHttp() {}

  public static Http through(int proxyPort, Path ca, Duration timeout) {
    Proxies proxies = new Proxies(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxyPort));
    HttpSettings settings = new HttpSettings(timeout, HttpSettings.Family.BOTH);
    return new Sender(
        () -> settings,
        new TrustStore(List.of(ca)),
        new Connector(Resolver.system(), proxies),
        Rest.Clocks.SYSTEM);
  }
}
