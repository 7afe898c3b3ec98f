package himmelblau.launcher;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Loads the bundles of the image from the class path (OSGi Core 8, chapter 60), so that the class
 * archive of the JVM contains them, which makes the start several times faster. In all other
 * respects they are normal bundles; one that an administrator installs instead of them, or in
 * addition, is loaded from its own jar (decision 0005).
 */
final class ImageConnector implements ModuleConnector {
  /** Of the locations of bundles from the class path. */
  static final String SCHEME = "image:";

  private final Map<String, Path> byLocation = new HashMap<>();

  /** Bundles installed from {@link #location} of {@code jar} come from the class path. */
  void add(Path jar) {
    byLocation.put(location(jar), jar);
  }

  static String location(Path jar) {
    return SCHEME + jar.getFileName();
  }

  @Override
  public void initialize(File storage, Map<String, String> configuration) {}

  @Override
  public Optional<ConnectModule> connect(String location) {
    return Optional.ofNullable(byLocation.get(location)).map(jar -> () -> new JarContent(jar));
  }

  @Override
  public Optional<BundleActivator> newBundleActivator() {
    return Optional.empty();
  }
}
