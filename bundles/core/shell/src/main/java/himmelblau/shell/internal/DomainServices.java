package himmelblau.shell.internal;

import himmelblau.api.domain.DomainProvider;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Domains: they are registered without a DS component as soon as their configuration is known. */
final class DomainServices {
  private final List<ServiceReference<?>> domains;

  /** Reads the services as they are now. */
  DomainServices(BundleContext context) {
    domains = new ArrayList<>(ShadowedPlugins.services(context, DomainProvider.class.getName()));
  }

  /** Takes a domain that is shown as a component; whether there was one. */
  boolean take(String name) {
    return domains.stream()
        .filter(one -> name(one).equals(name))
        .findFirst()
        .map(domains::remove)
        .isPresent();
  }

  /** Rows of the table of plug-ins, for those that were not taken. */
  List<String[]> rows(ShadowedPlugins shadowed) {
    return domains.stream()
        .map(
            service ->
                new String[] {
                  "domain",
                  name(service),
                  "active",
                  ShadowedPlugins.bundle(service),
                  shadowed.why(ShadowedPlugins.id(service))
                })
        .toList();
  }

  private static String name(ServiceReference<?> service) {
    return String.valueOf(service.getProperty(DomainProvider.DOMAIN));
  }
}
