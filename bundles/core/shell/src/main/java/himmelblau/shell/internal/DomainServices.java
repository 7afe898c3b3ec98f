package himmelblau.shell.internal;

import himmelblau.api.domain.DomainProvider;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Domains: they are registered without a DS component as soon as their configuration is known. */
final class DomainServices {
  private final BundleContext context;

  DomainServices(BundleContext context) {
    this.context = context;
  }

  /** The registered domains by name; the map is the caller's. */
  Map<String, ServiceReference<?>> domains() {
    Map<String, ServiceReference<?>> found = new TreeMap<>();
    try {
      ServiceReference<?>[] services =
          context.getAllServiceReferences(DomainProvider.class.getName(), null);
      if (services != null) {
        for (ServiceReference<?> service : services) {
          found.put(String.valueOf(service.getProperty(DomainProvider.DOMAIN)), service);
        }
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("Cannot happen: no filter was given", e);
    }
    return found;
  }

  /** A row of the table of plug-ins. */
  static String[] row(String domain, ServiceReference<?> service) {
    Bundle bundle = service.getBundle();
    return new String[] {
      "domain", domain, "active", bundle == null ? "?" : bundle.getSymbolicName(), ""
    };
  }
}
