package himmelblau.shell.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Plug-ins whose bundle is not started: only its manifest says what they would be. */
final class StoppedPlugins {
  private StoppedPlugins() {}

  /**
   * As the bundles are now.
   *
   * @param kinds by the interface of the service
   */
  static List<Plugin> rows(BundleContext context, Map<String, String> kinds, PluginTimes times) {
    List<Plugin> rows = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      if ((bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0) {
        kinds.forEach(
            (type, kind) -> {
              if (provides(bundle, type)) {
                rows.add(row(bundle, kind, times));
              }
            });
      }
    }
    return rows;
  }

  private static boolean provides(Bundle bundle, String type) {
    String services = bundle.getHeaders("").get(Constants.PROVIDE_CAPABILITY);
    return services != null && services.contains("\"" + type + "\"");
  }

  private static Plugin row(Bundle bundle, String kind, PluginTimes times) {
    String name = String.valueOf(bundle.getSymbolicName());
    return new Plugin(
        kind,
        name.substring(name.lastIndexOf('.') + 1),
        Plugin.STOPPED,
        name,
        bundle.getVersion().toString(),
        times.gone(name),
        "the bundle is not started",
        Optional.empty());
  }
}
