package himmelblau.tasks.link.internal;

import himmelblau.api.tasks.TaskHandler;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** The handlers that the installed bundles say they have, whether they run already or not. */
final class DeclaredHandlers {
  /** OSGi Compendium, 135.4: the namespace of services that a bundle may register. */
  private static final String SERVICES = "osgi.service";

  private DeclaredHandlers() {}

  static int count(BundleContext context) {
    return (int)
        Arrays.stream(context.getBundles())
            .map(DeclaredHandlers::services)
            .flatMap(Collection::stream)
            .filter(DeclaredHandlers::handler)
            .count();
  }

  private static List<BundleCapability> services(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision == null // uninstalled
        ? List.of()
        : revision.getDeclaredCapabilities(SERVICES);
  }

  private static boolean handler(BundleCapability service) {
    return service.getAttributes().get(Constants.OBJECTCLASS) instanceof List<?> names
        && names.contains(TaskHandler.class.getName());
  }
}
