package himmelblau.launcher;

import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Logs bundles that change while the process runs; what starts and ends with it is no change. */
final class BundleEvents implements SynchronousBundleListener {
  private static final System.Logger LOG = System.getLogger("himmelblau.launcher");

  private final BooleanSupplier running;

  /**
   * @param running whether the process has started and does not stop
   */
  BundleEvents(BooleanSupplier running) {
    this.running = running;
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (!running.getAsBoolean()) {
      return;
    }
    Bundle bundle = event.getBundle();
    String name = String.valueOf(bundle.getSymbolicName());
    String version = bundle.getVersion().toString();
    switch (event.getType()) {
      case BundleEvent.INSTALLED ->
          LOG.log(
              Level.INFO,
              "bundle.installed bundle=" + name + " version=" + version + " audit=bundle/success");
      case BundleEvent.STARTED ->
          LOG.log(
              Level.INFO,
              "bundle.started bundle=" + name + " version=" + version + " audit=bundle/success");
      case BundleEvent.STOPPED ->
          LOG.log(
              Level.INFO,
              "bundle.stopped bundle=" + name + " version=" + version + " audit=bundle/success");
      case BundleEvent.UPDATED ->
          LOG.log(
              Level.INFO,
              "bundle.updated bundle=" + name + " version=" + version + " audit=bundle/success");
      case BundleEvent.UNINSTALLED ->
          LOG.log(
              Level.INFO,
              "bundle.removed bundle=" + name + " version=" + version + " audit=bundle/success");
      default -> {}
    }
  }
}
