package himmelblau.launcher;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** The OSGi framework of a process: installs its bundles, and runs until it is stopped. */
final class BundleRuntime {
  private static final System.Logger LOG = System.getLogger("himmelblau.launcher");
  private static final String FATAL = "(" + Constants.OBJECTCLASS + "=himmelblau.api.status.Fatal)";
  private static final String RELOAD = "himmelblau.reload";

  /** Set by the launch script, which then also has the bundles on the class path. */
  private static final boolean ON_CLASS_PATH = Boolean.getBoolean("himmelblau.image.classpath");

  private final Path home;
  private final LaunchOptions options;
  private final AtomicInteger exitCode = new AtomicInteger();
  private final ImageConnector connector = new ImageConnector();
  private final Framework framework;
  // Guarded by this:
  private boolean starting = true;
  private boolean stopRequested;

  BundleRuntime(Path home, LaunchOptions options) throws IOException {
    this.home = home;
    this.options = options;
    this.framework = new FrameworkFactory().newFramework(properties(), connector);
  }

  int run(String process) throws BundleException, IOException, InterruptedException {
    List<Path> image = BundleFolder.jars(home.resolve("bundles").resolve(process));
    if (ON_CLASS_PATH) {
      image.forEach(connector::add);
    }
    framework.init();
    BundleContext context = framework.getBundleContext();
    watch(context, FATAL, this::fatal);
    watch(context, LineServices.FILTER, new LineServices(context, LineListeners.OF_PROCESS));
    context.addBundleListener(new BundleEvents(this::running));
    context.addBundleListener(new StoppingBundles(this::running));
    List<Bundle> installed = new ArrayList<>();
    for (Path jar : image) {
      installed.add(
          context.installBundle(
              ON_CLASS_PATH ? ImageConnector.location(jar) : "reference:" + jar.toUri()));
    }
    if (process.equals("daemon")) {
      for (Path folder : List.of(home.resolve("plugins"), Path.of("/etc/himmelblau/plugins"))) {
        for (Path jar : BundleFolder.plugins(folder)) {
          Bundle plugin = context.installBundle("reference:" + jar.toUri());
          LOG.log(
              Level.INFO,
              "plugin.installed bundle="
                  + plugin.getSymbolicName()
                  + " version="
                  + plugin.getVersion()
                  + " audit=bundle/success");
          installed.add(plugin);
        }
      }
    }
    framework.start();
    for (Bundle bundle : installed) {
      if (stopRequested()) {
        break;
      }
      start(bundle);
    }
    if (stoppedDuringStart()) {
      LOG.log(Level.INFO, "framework.start_ended process=" + process);
      framework.stop();
      framework.waitForStop(0);
      return exitCode.get();
    }
    LOG.log(Level.INFO, "framework.started process=" + process + " bundles=" + installed.size());
    keepJarsOpen();
    if (Boolean.getBoolean("himmelblau.training")) {
      stop(); // the build wants to know which classes a start needs
    }
    framework.waitForStop(0);
    return exitCode.get();
  }

  /**
   * A package upgrade replaces the jars while this process still works for a while. A class path
   * opens each jar at the first look into it, and would mix old classes with new ones: so all are
   * looked into now.
   */
  private static void keepJarsOpen() {
    Thread.ofVirtual().start(() -> ClassLoader.getSystemResource("in/no/jar"));
  }

  /** A bundle that does not start must not keep the other bundles from starting. */
  private static void start(Bundle bundle) {
    if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null) {
      return;
    }
    try {
      // Not START_ACTIVATION_POLICY: a lazy bundle (JNA) needs the framework's own class loader,
      // which a bundle from the class path does not have.
      bundle.start();
    } catch (BundleException e) {
      LOG.log(
          Level.ERROR,
          "bundle.failed bundle=" + bundle.getSymbolicName() + " audit=bundle/failed",
          e);
    }
  }

  private static void watch(BundleContext context, String filter, ServiceListener listener) {
    try {
      context.addServiceListener(listener, filter);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fatal(ServiceEvent event) {
    if (event.getType() != ServiceEvent.REGISTERED) {
      return;
    }
    ServiceReference<?> reference = event.getServiceReference();
    Object code = reference.getProperty("himmelblau.fatal.exit");
    exitCode.set(code instanceof Integer number ? number : 1);
    LOG.log(
        Level.ERROR,
        "framework.fatal reason=\"" + reference.getProperty("himmelblau.fatal.reason") + "\"");
    stop();
  }

  private synchronized boolean stopRequested() {
    return stopRequested;
  }

  private boolean running() {
    synchronized (this) {
      if (starting || stopRequested) {
        return false;
      }
    }
    return framework.getState() == Bundle.ACTIVE;
  }

  /** Ends the start. From now on {@link #stop} stops the framework itself. */
  private synchronized boolean stoppedDuringStart() {
    starting = false;
    return stopRequested;
  }

  /**
   * Asks the framework to stop; returns at once. During the start the thread that starts does it,
   * after the bundle that it is starting: a framework that does not run yet ignores a stop, and one
   * that stops bundles while others are started waits for locks of both.
   */
  void stop() {
    synchronized (this) {
      stopRequested = true;
      if (starting) {
        return;
      }
    }
    Thread.ofPlatform()
        .name("stop")
        .start(
            () -> {
              try {
                framework.stop();
              } catch (BundleException e) {
                LOG.log(Level.ERROR, "stop.failed", e);
              }
            });
  }

  /**
   * Runs what bundles registered as a Runnable with the property {@code himmelblau.reload}, in the
   * order of their service rankings, the highest first.
   */
  void reload() {
    BundleContext context = framework.getBundleContext();
    if (context == null) {
      return;
    }
    try {
      List<ServiceReference<Runnable>> references =
          new ArrayList<>(context.getServiceReferences(Runnable.class, "(" + RELOAD + "=true)"));
      references.sort(Comparator.reverseOrder());
      for (ServiceReference<Runnable> reference : references) {
        Runnable reload = context.getService(reference);
        if (reload != null) {
          reload.run();
          context.ungetService(reference);
        }
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, String> properties() throws IOException {
    Path storage = Path.of(System.getProperty("himmelblau.storage", "/var/cache/himmelblaud/osgi"));
    Files.createDirectories(storage.toAbsolutePath().getParent());
    Map<String, String> properties = new HashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    // The directory determines the bundles; nothing remains from an earlier start.
    properties.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "1");
    properties.put("felix.log.level", "1");
    properties.put("felix.cache.locking", "true");
    properties.put("ds.lock.timeout.milliseconds", "15000");
    properties.put("himmelblau.version", Main.version());
    properties.put("himmelblau.home", home.toString());
    options.config().ifPresent(path -> properties.put("himmelblau.config", path));
    if (options.debug()) {
      properties.put("himmelblau.debug", "true");
    }
    if (options.configTest()) {
      properties.put("himmelblau.configtest", "true");
    }
    return properties;
  }
}
