package himmelblau.login.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** A real framework with Declarative Services and Configuration Admin, on the test's API. */
final class Felix implements AutoCloseable {
  private final Framework framework;

  Felix(Path storage) throws Exception {
    Map<String, String> properties = new HashMap<>();
    properties.put("org.osgi.framework.storage", storage.toString());
    properties.put("felix.log.level", "1");
    properties.put(
        "org.osgi.framework.system.packages.extra",
        exports(Class.forName("himmelblau.api.log.Log")) + ",org.osgi.service.cm;version=1.6.1");
    framework = new FrameworkFactory().newFramework(properties);
    framework.start();
    for (String type :
        new String[] {
          "org.osgi.util.function.Function",
          "org.osgi.util.promise.Promise",
          "org.osgi.service.component.ComponentContext",
          "org.apache.felix.cm.impl.ConfigurationManager",
          "org.apache.felix.scr.impl.Activator"
        }) {
      install(Class.forName(type, false, Felix.class.getClassLoader())).start();
    }
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  /** Installs the bundle that {@code type} comes from, as a jar or as a folder of classes. */
  Bundle install(Class<?> type) throws URISyntaxException, BundleException {
    URI place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    return context().installBundle("reference:" + place);
  }

  private static String exports(Class<?> type) throws IOException, URISyntaxException {
    Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    return manifest(place).getMainAttributes().getValue("Export-Package");
  }

  private static Manifest manifest(Path place) throws IOException {
    if (Files.isDirectory(place)) {
      try (InputStream in = Files.newInputStream(place.resolve(JarFile.MANIFEST_NAME))) {
        return new Manifest(in);
      }
    }
    try (JarFile jar = new JarFile(place.toFile())) {
      return jar.getManifest();
    }
  }

  /**
   * Waits for a service, ten seconds at most. By its name: the classes of the bundles are on the
   * class path of the tests too, and a service that is also registered under one of them would not
   * be shown to the framework's own bundle.
   */
  <S> S service(Class<S> type) throws InterruptedException, InvalidSyntaxException {
    for (int i = 0; i < 400; i++) {
      ServiceReference<?>[] found = context().getAllServiceReferences(type.getName(), null);
      if (found != null) {
        return type.cast(context().getService(found[0]));
      }
      Thread.sleep(25);
    }
    throw new AssertionError(
        type
            + " is not there; bundles: "
            + Arrays.stream(context().getBundles())
                .map(b -> b.getSymbolicName() + "=" + b.getState())
                .toList());
  }

  @Override
  public void close() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }
}
