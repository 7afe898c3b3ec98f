package himmelblau.config.internal;

import himmelblau.api.explain.OptionOrigins;
import himmelblau.api.explain.OptionUse;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.status.Fatal;
import himmelblau.api.status.OptionFindings;
import himmelblau.api.status.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Publishes the configuration before other bundles can read it, and again whenever it changes. On
 * the first start a configuration that cannot be used is fatal; later the running one is kept.
 *
 * <p>Framework properties: {@code himmelblau.config} (an explicit file), {@code himmelblau.debug},
 * {@code himmelblau.configtest} (print and stop), {@code himmelblau.process} ({@code tasks} in the
 * root helper).
 */
@Component(
    service = {Trouble.class, Runnable.class, ConfigComponent.class, OptionOrigins.class},
    immediate = true,
    property = "himmelblau.reload:Boolean=true")
public final class ConfigComponent implements Trouble, Runnable, OptionOrigins, RunningConfig {
  private static final Log LOG = Log.of(ConfigComponent.class);
  private static final Duration QUIET = Duration.ofMillis(200);
  private static final String DEBUG = "himmelblau.debug";

  private final BundleContext context;
  private final ConfigPublisher publisher;
  private final InstalledDeclarations declarations;
  private final ConfigReader reader;
  // Synchronous: a bundle that is started right after its installation finds its defaults there.
  private final SynchronousBundleListener bundles = this::bundleChanged;
  private @Nullable FileWatch watch;
  private boolean stopped;
  private List<String> published = List.of();
  private final FoundInUse found = new FoundInUse();
  private volatile List<String> troubles = List.of();
  private volatile @Nullable EffectiveConfig current;

  @Activate
  public ConfigComponent(BundleContext context, @Reference ConfigurationAdmin admin) {
    this.context = context;
    this.publisher = new ConfigPublisher(admin);
    // The root helper reads the same files but has none of the bundles that declare options.
    this.declarations =
        new InstalledDeclarations(
            context, !"tasks".equals(context.getProperty("himmelblau.process")));
    this.reader =
        ConfigReader.of(
            Optional.ofNullable(context.getProperty("himmelblau.config")).map(Path::of),
            declarations);
    if (Boolean.parseBoolean(context.getProperty("himmelblau.configtest"))) {
      test();
      return;
    }
    context.addBundleListener(bundles);
    try {
      publish(reader.read());
      Thread.ofVirtual().name("config-watch").start(this::watch);
    } catch (ConfigException e) {
      fatal(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      fatal("The configuration cannot be published: " + e);
    }
  }

  /** Apart from the start, which must not wait for this. */
  private synchronized void watch() {
    if (stopped) {
      return;
    }
    try {
      watch = new FileWatch(reader.layers(), QUIET, this);
      reload(); // what changed between the first reading and now
    } catch (IOException e) {
      LOG.error("config.watch.failed", e, "effect", "changes take effect after a reload (SIGHUP)");
    }
  }

  @Deactivate
  synchronized void deactivate() {
    stopped = true;
    context.removeBundleListener(bundles);
    if (watch != null) {
      try {
        watch.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void bundleChanged(BundleEvent event) {
    if (declarations.concerns(event)) {
      run();
    }
  }

  /** Reads the files again; keeps the running configuration when they cannot be used. */
  @Override
  public synchronized void run() {
    if (!stopped) {
      reload();
    }
  }

  @Override
  public synchronized Reload reload() {
    EffectiveConfig before = current;
    try {
      EffectiveConfig after = reader.read();
      RangeOverlap.requireNoneNew(before, after);
      publish(after);
      return new Reload(
          Optional.empty(),
          before == null ? List.of() : ConfigChanges.between(before, after),
          after.problems());
    } catch (ConfigException | IOException e) {
      LOG.audit(AuditKind.CONFIGURATION, AuditOutcome.DENIED)
          .error("config.refused", e, "effect", "the running configuration stays in effect");
      String trouble = "The changed configuration is not used: " + e.getMessage();
      List<String> all = new ArrayList<>(troubles);
      all.removeIf(line -> line.startsWith("The changed configuration"));
      all.addFirst(trouble);
      troubles = List.copyOf(all);
      return new Reload(Optional.of(trouble), List.of(), List.of());
    }
  }

  @Override
  public ConfigReader reader() {
    return reader;
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeFindings")
  void addFindings(OptionFindings findings) {
    found.add(findings);
  }

  void removeFindings(OptionFindings findings) {
    found.remove(findings);
  }

  @Override
  public FoundInUse found() {
    return found;
  }

  @Override
  public List<String> troubles() {
    EffectiveConfig effective = current;
    List<String> ofUse = effective == null ? List.of() : found.in(effective);
    return Stream.concat(troubles.stream(), ofUse.stream()).toList();
  }

  @Override
  public List<Origin> of(OptionUse option) {
    EffectiveConfig effective = current;
    return effective == null ? List.of() : new RunningOrigins(effective).of(option);
  }

  private synchronized void publish(EffectiveConfig effective) throws IOException {
    List<String> exposed = OwnershipCheck.warnings(effective.files());
    exposed.stream()
        .filter(line -> !troubles.contains(line))
        .forEach(line -> LOG.warn("config.warning", "what", line));
    current = effective; // a line may move without a change of its value
    List<String> lines = ConfigDump.lines(effective);
    if (!lines.equals(published)) {
      update(effective);
      published = lines;
    }
    troubles = Stream.concat(effective.problems().stream(), exposed.stream()).toList();
  }

  private void update(EffectiveConfig effective) throws IOException {
    boolean debug =
        Boolean.parseBoolean(context.getProperty(DEBUG))
            || Boolean.TRUE.equals(effective.global().get("debug"));
    System.setProperty(DEBUG, String.valueOf(debug)); // the launcher's logger follows it
    effective.warnings().forEach(line -> LOG.warn("config.warning", "what", line));
    effective
        .problems()
        .forEach(
            line ->
                LOG.audit(AuditKind.CONFIGURATION, AuditOutcome.DENIED)
                    .error("config.value_refused", null, "what", line));
    int changed = publisher.publish(effective);
    LOG.audit(AuditKind.CONFIGURATION, AuditOutcome.SUCCESS)
        .info(
            "config.published",
            "files",
            effective.files(),
            "domains",
            effective.domains().keySet(),
            "changed",
            changed);
  }

  private void fatal(String reason) {
    troubles = List.of(reason);
    context.registerService(
        Fatal.class,
        new Fatal() {},
        FrameworkUtil.asDictionary(Map.of(Fatal.REASON, reason, Fatal.EXIT_CODE, 1)));
  }

  private void test() {
    if (ConfigCheck.run(reader, System.err) != 0) {
      fatal("The configuration cannot be used");
      return;
    }
    try {
      context.getBundle(0).stop(); // asynchronous: the framework stops on a thread of its own
    } catch (BundleException e) {
      LOG.error("config.test.stop_failed", e);
    }
  }
}
