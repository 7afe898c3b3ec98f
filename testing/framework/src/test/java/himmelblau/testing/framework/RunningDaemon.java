package himmelblau.testing.framework;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;

/** The resolved bundles of himmelblaud in a real framework, each from its own jar. */
final class RunningDaemon implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PIN_DIRECTORIES = "himmelblau.machine.internal.PinDirectories";

  private final Framework framework;

  private RunningDaemon(Framework framework) {
    this.framework = framework;
  }

  /**
   * Starts all bundles with {@code conf} as the configuration and everything below {@code home}.
   */
  static RunningDaemon start(Path home, String conf) throws IOException, BundleException {
    // Where the daemon of an earlier class had SQLite's library, which went with its folder.
    for (String property : List.of("lib.path", "lib.name", "tmpdir")) {
      System.clearProperty("org.sqlite." + property);
    }
    Path file = home.resolve("himmelblau.conf");
    Files.writeString(file, conf);
    Map<String, String> properties = new HashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, home.resolve("osgi").toString());
    properties.put("himmelblau.config", file.toString());
    properties.put("felix.log.level", "1");
    Framework framework = new FrameworkFactory().newFramework(properties);
    framework.init();
    BundleContext context = framework.getBundleContext();
    List<Bundle> installed = new ArrayList<>();
    for (Path jar : jars()) {
      Path used =
          jar.getFileName().toString().startsWith("himmelblau.machine-")
              ? PatchedJar.copy(jar, home.resolve("machine.jar"), PIN_DIRECTORIES)
              : jar;
      installed.add(context.installBundle("reference:" + used.toUri()));
    }
    framework.start();
    for (Bundle bundle : installed) {
      bundle.start();
    }
    return new RunningDaemon(framework);
  }

  /** What the resolver chose, in the order of names. */
  static List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(Path.of(System.getProperty("himmelblau.bundles")), "*.jar")) {
      found.forEach(jars::add);
    }
    jars.sort(null);
    return jars;
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  Bundle bundle(String symbolicName) {
    for (Bundle bundle : context().getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    throw new AssertionError("No bundle " + symbolicName);
  }

  boolean has(String service, String filter) {
    try {
      return context().getServiceReferences(service, filter) != null;
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until {@code condition} holds; fails when it does not in time. */
  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("Did not come: " + what);
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() throws BundleException, InterruptedException {
    framework.stop();
    framework.waitForStop(20_000);
  }
}
