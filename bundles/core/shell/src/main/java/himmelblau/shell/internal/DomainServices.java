package himmelblau.shell.internal;

import himmelblau.api.domain.DomainProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Domains: they are registered without a DS component as soon as their configuration is known. */
final class DomainServices {
  private final List<ServiceReference<?>> domains;

  /** Reads the services as they are now. */
  DomainServices(BundleContext context) {
    domains = new ArrayList<>(ShadowedPlugins.services(context, DomainProvider.class.getName()));
  }

  /**
   * Takes a domain that is shown as a component of {@code bundle}; the id of its service, if there
   * was one. Each kind of provider has a component for every domain.
   */
  OptionalLong take(String name, String bundle) {
    for (ServiceReference<?> one : domains) {
      if (name(one).equals(name) && ShadowedPlugins.bundle(one).equals(bundle)) {
        domains.remove(one);
        return OptionalLong.of(ShadowedPlugins.id(one));
      }
    }
    return OptionalLong.empty();
  }

  /** Rows of the table of plug-ins, for those that were not taken. */
  List<Plugin> rows(ShadowedPlugins shadowed, PluginTimes times) {
    return domains.stream()
        .map(
            service ->
                new Plugin(
                    "domain",
                    name(service),
                    Plugin.ACTIVE,
                    ShadowedPlugins.bundle(service),
                    service.getBundle() == null ? "?" : service.getBundle().getVersion().toString(),
                    times.there(ShadowedPlugins.id(service)),
                    shadowed.why(ShadowedPlugins.id(service)),
                    Optional.empty()))
        .toList();
  }

  private static String name(ServiceReference<?> service) {
    return String.valueOf(service.getProperty(DomainProvider.DOMAIN));
  }
}
