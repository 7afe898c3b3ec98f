package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

class StoppingBundlesTest {
  private static final String PLUGIN = "file:/plugin.jar";

  @TempDir Path storage;

  private Framework framework;
  private volatile boolean running = true;

  /** A service of a bundle; what it needs is loaded when it is called. */
  public static final class Service implements Supplier<String> {
    @Override
    public String get() {
      return Later.text();
    }
  }

  /** Needed by the service for the first time after its bundle was replaced. */
  public static final class Later {
    private Later() {}

    static String text() {
      return "later";
    }
  }

  /** Its interface is not in the bundle, as that of an optional package. */
  public static final class Optional implements Outside {}

  interface Outside {}

  @BeforeEach
  void begin() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(Constants.FRAMEWORK_STORAGE, storage.toString(), "felix.log.level", "1"));
    framework.start();
    framework.getBundleContext().addBundleListener(new StoppingBundles(() -> running));
  }

  @AfterEach
  void end() throws Exception {
    framework.stop();
    framework.waitForStop(0);
  }

  @Test
  void whatIsInAnUpdatedBundleGoesOn() throws Exception {
    Bundle bundle = installed(PLUGIN, 0);
    Supplier<?> service = service(bundle);
    bundle.update(jar(0));
    assertEquals("later", service.get());
  }

  @Test
  void whatIsInAnUninstalledBundleGoesOn() throws Exception {
    Bundle bundle = installed(PLUGIN, 0);
    Supplier<?> service = service(bundle);
    bundle.uninstall();
    assertEquals("later", service.get());
  }

  @Test
  void largeBundlesAreLeftAlone() throws Exception {
    Bundle bundle = installed(PLUGIN, StoppingBundles.MOST);
    Supplier<?> service = service(bundle);
    bundle.update(jar(0));
    assertThrows(NoClassDefFoundError.class, service::get);
  }

  @Test
  void aProcessThatEndsLoadsNothing() throws Exception {
    Bundle bundle = installed(PLUGIN, 0);
    Supplier<?> service = service(bundle);
    running = false;
    bundle.update(jar(0));
    assertThrows(NoClassDefFoundError.class, service::get);
  }

  @Test
  void theClassPathNeedsNoHelp() throws Exception {
    Bundle bundle = installed(ImageConnector.location(Path.of("plugin.jar")), 0);
    Supplier<?> service = service(bundle);
    bundle.update(jar(0));
    assertThrows(NoClassDefFoundError.class, service::get, "this one is not from the class path");
  }

  private Bundle installed(String location, int more) throws IOException, BundleException {
    Bundle bundle = framework.getBundleContext().installBundle(location, jar(more));
    bundle.start();
    return bundle;
  }

  private static Supplier<?> service(Bundle bundle) throws ReflectiveOperationException {
    Class<?> type = bundle.loadClass(Service.class.getName());
    return (Supplier<?>) type.getConstructor().newInstance();
  }

  /**
   * @param more files that are no classes, whatever they are called
   */
  private static InputStream jar(int more) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.putValue("Manifest-Version", "1.0");
    main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    main.putValue(Constants.BUNDLE_SYMBOLICNAME, "plugin");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (Class<?> type : new Class<?>[] {Optional.class, Later.class, Service.class}) {
        String file = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new ZipEntry(file));
        try (InputStream in = type.getClassLoader().getResourceAsStream(file)) {
          in.transferTo(jar);
        }
      }
      for (int i = 0; i < more; i++) {
        jar.putNextEntry(new ZipEntry("more/No" + i + ".class"));
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
