package himmelblau.tasks.link.internal;

import himmelblau.api.tasks.TaskHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;

/** The handlers that the installed bundles say they have, whether they run already or not. */
final class DeclaredHandlers {
  /** OSGi Compendium, 135.4: the namespace of services that a bundle may register. */
  private static final String SERVICES = "osgi.service";

  /** OSGi Compendium, 112.4.1: the header that names the descriptions of a bundle's components. */
  private static final String COMPONENTS = "Service-Component";

  private DeclaredHandlers() {}

  static int count(BundleContext context) {
    return Arrays.stream(context.getBundles())
        .mapToInt(bundle -> Math.max(components(bundle), capabilities(bundle)))
        .sum();
  }

  /** A capability may stand for several handlers of a bundle; each of them is a component. */
  private static int components(Bundle bundle) {
    String descriptions = bundle.getHeaders("").get(COMPONENTS);
    return descriptions == null
        ? 0
        : (int)
            Arrays.stream(descriptions.split(","))
                .filter(path -> describesHandler(bundle.getEntry(path.strip())))
                .count();
  }

  private static boolean describesHandler(URL description) {
    if (description == null) {
      return false;
    }
    try (InputStream in = description.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .contains("interface=\"" + TaskHandler.class.getName() + '"');
    } catch (IOException e) {
      return false; // SCR reports it
    }
  }

  private static int capabilities(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision == null // uninstalled
        ? 0
        : (int)
            revision.getDeclaredCapabilities(SERVICES).stream()
                .filter(
                    service ->
                        String.valueOf(service.getAttributes().get(Constants.OBJECTCLASS))
                            .contains(TaskHandler.class.getName()))
                .count();
  }
}
