package himmelblau.metrics.internal.otlp;

import himmelblau.api.http.Http;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import himmelblau.api.status.OptionFindings;
import himmelblau.metrics.internal.Collection;
import himmelblau.metrics.internal.NamedSource;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Sends to a collector while {@code otlp_endpoint} is set. */
@Component(
    service = OptionFindings.class,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true)
public final class OtlpComponent implements OptionFindings {
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  private final Http http;
  private final String version;
  private final List<NamedSource> sources = new CopyOnWriteArrayList<>();
  private volatile List<OptionFinding> findings = List.of();
  private @Nullable Config config;
  private @Nullable Export export;

  /** Declared in OSGI-INF/himmelblau.options. */
  @ObjectClassDefinition(name = "OTLP")
  public @interface Config {
    @AttributeDefinition(description = "Address of the collector; without it nothing is sent")
    String otlp_endpoint() default "";

    @AttributeDefinition(description = "Seconds from one time to the next")
    long otlp_interval();
  }

  @Activate
  public OtlpComponent(Config config, @Reference Http http, BundleContext context) {
    this.http = http;
    this.version = context.getBundle().getVersion().toString();
    modified(config);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addSource(MetricSource source, Map<String, Object> properties) {
    sources.add(NamedSource.of(source, properties));
  }

  void removeSource(MetricSource source) {
    sources.removeIf(named -> named.source() == source);
  }

  @Modified
  synchronized void modified(Config changed) {
    Config before = config;
    config = changed;
    if (before != null
        && before.otlp_endpoint().equals(changed.otlp_endpoint())
        && before.otlp_interval() == changed.otlp_interval()) {
      return;
    }
    end();
    if (changed.otlp_endpoint().isBlank()) {
      findings = List.of();
      return;
    }
    Optional<URI> base = base(changed.otlp_endpoint().strip());
    findings = base.isPresent() ? List.of() : List.of(unusable(changed.otlp_endpoint()));
    base.ifPresent(address -> export = begin(address, changed.otlp_interval()));
  }

  private Export begin(URI address, long seconds) {
    return new Export(
        new Collector(http, address),
        new Envelope(host(), version),
        this::metrics,
        ProcessHandle.current().info().startInstant().orElseGet(Instant::now),
        Clock.systemUTC(),
        Duration.ofSeconds(Math.max(1, seconds)));
  }

  @Deactivate
  synchronized void end() {
    if (export != null) {
      export.close();
      export = null;
    }
  }

  @Override
  public List<OptionFinding> findings() {
    return findings;
  }

  private List<Metric> metrics() {
    return Collection.of(sources).metrics();
  }

  private static Optional<URI> base(String text) {
    try {
      URI address = new URI(text);
      return "https".equalsIgnoreCase(address.getScheme())
              && address.getHost() != null
              && address.getRawUserInfo() == null
              && address.getRawQuery() == null
              && address.getRawFragment() == null
          ? Optional.of(address)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static OptionFinding unusable(String text) {
    return new OptionFinding(
        "global",
        "otlp_endpoint",
        "otlp_endpoint = "
            + text
            + ": nothing is sent, because this is not an https address such as"
            + " https://collector.example.org:4318");
  }

  private static String host() {
    try {
      return Files.readString(HOST).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
