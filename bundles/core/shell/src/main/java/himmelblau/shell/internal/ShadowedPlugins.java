package himmelblau.shell.internal;

import himmelblau.api.plugin.PluginRank;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Plug-ins that are not used for a name, because another one serves it first. */
final class ShadowedPlugins {
  /** Names that a service is not used for, by the bundle that is used. */
  private final Map<Long, Map<String, List<String>>> byService = new HashMap<>();

  /**
   * Reads the services as they are now.
   *
   * @param names the interfaces of plug-ins, each with the service property that has its names
   */
  ShadowedPlugins(BundleContext context, Map<String, String> names) {
    names.forEach((type, property) -> read(services(context, type), property));
  }

  private void read(List<ServiceReference<?>> services, String property) {
    Map<String, ServiceReference<?>> first = new HashMap<>();
    for (ServiceReference<?> service : services) {
      for (String name : words(service.getProperty(property))) {
        ServiceReference<?> used = first.putIfAbsent(name, service);
        if (used != null) {
          byService
              .computeIfAbsent(id(service), unknown -> new LinkedHashMap<>())
              .computeIfAbsent(bundle(used), unknown -> new ArrayList<>())
              .add(name);
        }
      }
    }
  }

  /** Why the service is not used, or not for all of its names; empty if it is. */
  String why(long service) {
    return byService.getOrDefault(service, Map.of()).entrySet().stream()
        .map(
            entry ->
                "not used for "
                    + String.join(",", entry.getValue())
                    + ": "
                    + entry.getKey()
                    + " is first")
        .collect(Collectors.joining(", "));
  }

  /** All services of one interface, those that are used first before the others. */
  static List<ServiceReference<?>> services(BundleContext context, String type) {
    try {
      ServiceReference<?>[] found = context.getAllServiceReferences(type, null);
      return found == null
          ? List.of()
          : Arrays.stream(found).sorted((a, b) -> rank(a).compareTo(rank(b))).toList();
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("Cannot happen: no filter was given", e);
    }
  }

  static long id(ServiceReference<?> service) {
    return service.getProperty(Constants.SERVICE_ID) instanceof Long id ? id : -1;
  }

  static String bundle(ServiceReference<?> service) {
    Bundle bundle = service.getBundle();
    return bundle == null ? "?" : bundle.getSymbolicName();
  }

  private static PluginRank rank(ServiceReference<?> service) {
    Map<String, Object> properties = new HashMap<>();
    for (String key : List.of(Constants.SERVICE_RANKING, Constants.SERVICE_ID)) {
      if (service.getProperty(key) != null) {
        properties.put(key, service.getProperty(key));
      }
    }
    return PluginRank.of(properties);
  }

  private static List<String> words(Object property) {
    if (property instanceof Object[] several) {
      return Arrays.stream(several).map(String::valueOf).toList();
    }
    return property == null ? List.of() : List.of(String.valueOf(property));
  }
}
