package himmelblau.http.internal;

import himmelblau.api.http.Http;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Publishes {@link Http}. Reads the trust store in the background at the start, before the first
 * call.
 */
@Component(
    service = {Http.class, MetricSource.class},
    immediate = true,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class HttpComponent implements Http, MetricSource {
  private final RequestMetrics metrics = new RequestMetrics();
  private final Sender sender;
  private volatile HttpSettings settings;

  /** Options of {@code [global]}. */
  @ObjectClassDefinition(name = "Outgoing HTTPS")
  public @interface Config {
    @AttributeDefinition(description = "Seconds for one request, connecting included")
    long request_timeout() default 10;

    @AttributeDefinition(description = "ipv4-only, ipv6-only or both")
    String ip_version() default "both";
  }

  @Activate
  public HttpComponent(Config config) {
    settings = read(config);
    Connector connector = new Connector(Resolver.system(), new Proxies(System.getenv()));
    TrustStore trust = new TrustStore(TrustStore.SYSTEM);
    sender = new Sender(() -> settings, trust, connector, Rest.Clocks.SYSTEM);
    Thread.ofVirtual().name("trust store").start(trust::prepare);
  }

  @Modified
  void modified(Config config) {
    settings = read(config);
  }

  @Deactivate
  void stop() {
    sender.close();
  }

  private static HttpSettings read(Config config) {
    return HttpSettings.of(config.request_timeout(), config.ip_version());
  }

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    if (call.monitoring()) {
      return sender.send(call);
    }
    long begun = System.nanoTime();
    try {
      HttpReply reply = sender.send(call);
      metrics.replied(reply, begun);
      return reply;
    } catch (IOException e) {
      metrics.unreachable(begun);
      throw e;
    }
  }

  @Override
  public List<Metric> metrics() {
    return metrics.metrics();
  }
}
