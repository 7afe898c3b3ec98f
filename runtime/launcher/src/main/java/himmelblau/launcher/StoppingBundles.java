package himmelblau.launcher;

import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Loads the classes of a bundle that stops, as long as its jar can be read. Calls that are in it,
 * such as a sign-in, go on and may need a class for the first time after the bundle was replaced;
 * the framework would refuse it (decision 0752). Nothing waits here: a framework that waits for its
 * callers while it stops a bundle can wait for itself.
 */
final class StoppingBundles implements SynchronousBundleListener {
  /** Classes of larger bundles could use up the memory for classes, whose end ends the process. */
  static final int MOST = 1000;

  private static final System.Logger LOG = System.getLogger("himmelblau.launcher");
  private static final String SUFFIX = ".class";

  private final BooleanSupplier running;

  /**
   * @param running whether the process has started and does not stop
   */
  StoppingBundles(BooleanSupplier running) {
    this.running = running;
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    Bundle bundle = event.getBundle();
    if (event.getType() != BundleEvent.STOPPING
        || bundle.getLocation().startsWith(ImageConnector.SCHEME)
        || !running.getAsBoolean()) {
      return;
    }
    @Nullable BundleWiring wiring = bundle.adapt(BundleWiring.class);
    @Nullable ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
    if (wiring == null || loader == null) {
      return;
    }
    Collection<String> files =
        wiring.listResources(
            "/",
            "*" + SUFFIX,
            BundleWiring.LISTRESOURCES_LOCAL | BundleWiring.LISTRESOURCES_RECURSE);
    if (files.size() > MOST) {
      LOG.log(
          Level.INFO,
          "bundle.not_preserved bundle=" + bundle.getSymbolicName() + " classes=" + files.size());
      return;
    }
    files.forEach(file -> load(file, loader));
  }

  private static void load(String file, ClassLoader loader) {
    String name = file.substring(0, file.length() - SUFFIX.length()).replace('/', '.');
    try {
      loader.loadClass(name);
    } catch (ClassNotFoundException | LinkageError e) {
      // of an optional package, say: whoever needs it could not have it before either
      LOG.log(Level.DEBUG, "bundle.class_left_out class=" + name, e);
    }
  }
}
