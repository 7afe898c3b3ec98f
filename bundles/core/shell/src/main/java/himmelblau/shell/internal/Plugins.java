package himmelblau.shell.internal;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.mfa.MfaMethod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Lists the installed plug-ins with their state, and why one is not running. */
final class Plugins {
  private static final String DOMAIN = "domain";
  private static final String BREAKGLASS = "breakglass";
  private static final Map<String, String> KINDS =
      Map.of(
          DomainProvider.class.getName(),
          DOMAIN,
          MfaMethod.class.getName(),
          "mfa method",
          KeyStore.class.getName(),
          "key store",
          BreakglassPolicy.class.getName(),
          BREAKGLASS);

  /** The service property that contains the name of a plug-in. */
  private static final Map<String, String> NAMES =
      Map.of(DOMAIN, DOMAIN, "mfa method", MfaMethod.METHOD, "key store", KeyStore.TYPE);

  /** The interfaces of which several plug-ins can serve one name, with the property that has it. */
  private static final Map<String, String> NAMED =
      Map.of(
          DomainProvider.class.getName(), DomainProvider.DOMAIN,
          MfaMethod.class.getName(), MfaMethod.METHOD,
          KeyStore.class.getName(), KeyStore.TYPE,
          BreakglassPolicy.class.getName(), BreakglassPolicy.TRIGGER);

  private final ServiceComponentRuntime runtime;
  private final BundleContext context;
  private final PluginTimes times;

  Plugins(ServiceComponentRuntime runtime, BundleContext context, PluginTimes times) {
    this.runtime = runtime;
    this.context = context;
    this.times = times;
  }

  /**
   * The table, with the tasks of the root helper.
   *
   * @param all also components that are not plug-ins
   */
  List<String> lines(boolean all) {
    List<Plugin> rows = new ArrayList<>(all(all));
    rows.addAll(OfferedRows.rows(context));
    return table(rows);
  }

  static List<String> table(List<Plugin> plugins) {
    List<String[]> rows = new ArrayList<>(plugins.stream().map(Plugin::row).toList());
    rows.sort(Arrays::compare);
    Table table = new Table().row(Plugin.HEAD.toArray(String[]::new));
    rows.forEach(table::row);
    return table.lines();
  }

  /**
   * The plug-ins of this process as they are now.
   *
   * @param all also components that are not plug-ins
   */
  List<Plugin> all(boolean all) {
    List<Plugin> rows = new ArrayList<>();
    DomainServices domains = new DomainServices(context);
    ShadowedPlugins shadowed = new ShadowedPlugins(context, NAMED);
    for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
      String kind = kind(component);
      if (kind.isEmpty() && !all) {
        continue;
      }
      Collection<ComponentConfigurationDTO> configurations =
          runtime.getComponentConfigurationDTOs(component);
      if (configurations.isEmpty()) {
        boolean enabled = runtime.isComponentEnabled(component);
        rows.add(
            row(
                kind,
                component,
                Map.of(),
                enabled ? "waits" : Plugin.DISABLED,
                times.gone(component.name),
                enabled ? withoutConfiguration(component) : "disabled; see the command enable"));
      }
      for (ComponentConfigurationDTO each : configurations) {
        Instant since =
            each.service == null ? times.gone(component.name) : times.there(each.service.id);
        if (kind.equals(DOMAIN) && each.state == ComponentConfigurationDTO.ACTIVE) {
          String domain = String.valueOf(each.properties.get(DOMAIN));
          OptionalLong service = domains.take(domain, bundle(component));
          if (service.isEmpty()) {
            continue; // a domain of another kind, which another component serves
          }
          since = times.there(service.getAsLong());
        }
        rows.add(
            row(kind, component, each.properties, state(each.state), since, why(each, shadowed)));
      }
    }
    rows.addAll(domains.rows(shadowed, times));
    rows.addAll(StoppedPlugins.rows(context, KINDS, times));
    return rows;
  }

  private static String bundle(ComponentDescriptionDTO component) {
    return component.bundle == null ? "?" : component.bundle.symbolicName;
  }

  private static String kind(ComponentDescriptionDTO component) {
    if (component.properties.containsKey(DomainProvider.KIND)) {
      return DOMAIN; // registers its service without DS, once its domain is known
    }
    return Arrays.stream(component.serviceInterfaces)
        .map(name -> KINDS.getOrDefault(name, ""))
        .filter(kind -> !kind.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private static Plugin row(
      String kind,
      ComponentDescriptionDTO component,
      Map<String, Object> properties,
      String state,
      Instant since,
      String why) {
    return new Plugin(
        kind.isEmpty() ? "-" : kind,
        name(kind, component, properties),
        state,
        bundle(component),
        component.bundle == null ? "?" : component.bundle.version,
        since,
        why,
        Optional.of(component));
  }

  /** What the plug-in calls itself in its service properties, or the class. */
  private static String name(
      String kind, ComponentDescriptionDTO component, Map<String, Object> configured) {
    Map<String, Object> properties = new TreeMap<>(component.properties);
    properties.putAll(configured);
    if (NAMES.containsKey(kind)) {
      Object name = properties.get(NAMES.get(kind));
      return name == null ? simpleName(component) : shown(name);
    }
    if (kind.equals(BREAKGLASS)) {
      return simpleName(component); // its properties are those of its command
    }
    String own =
        properties.entrySet().stream()
            .filter(property -> property.getKey().startsWith("himmelblau."))
            .map(property -> shown(property.getValue()))
            .collect(Collectors.joining(" "));
    // Every component of [global] has all its options; those of a domain are of that domain.
    Object domain = properties.containsKey("service.factoryPid") ? properties.get(DOMAIN) : null;
    String name = (domain instanceof String text ? text + " " : "") + own;
    return name.isBlank() ? simpleName(component) : name.strip();
  }

  private static String simpleName(ComponentDescriptionDTO component) {
    return component.implementationClass.substring(
        component.implementationClass.lastIndexOf('.') + 1);
  }

  private static String shown(Object value) {
    return value instanceof Object[] many
        ? Arrays.stream(many).map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(value);
  }

  private static String state(int state) {
    return switch (state) {
      case ComponentConfigurationDTO.ACTIVE -> "active";
      case ComponentConfigurationDTO.SATISFIED -> "ready";
      case ComponentConfigurationDTO.FAILED_ACTIVATION -> "failed";
      default -> "waits";
    };
  }

  private static String why(ComponentConfigurationDTO configuration, ShadowedPlugins shadowed) {
    if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
      return firstLine(String.valueOf(configuration.failure));
    }
    if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
      return withoutConfiguration(configuration.description);
    }
    if (configuration.service != null) {
      return shadowed.why(configuration.service.id);
    }
    return Arrays.stream(configuration.unsatisfiedReferences)
        .map(reference -> "needs " + needed(configuration.description, reference))
        .collect(Collectors.joining(", "));
  }

  private static String withoutConfiguration(ComponentDescriptionDTO component) {
    return component.defaultEnabled
        ? "needs configuration " + String.join(", ", component.configurationPid)
        : "is disabled";
  }

  private static String needed(ComponentDescriptionDTO component, UnsatisfiedReferenceDTO missing) {
    String service =
        Arrays.stream(component.references)
            .filter(reference -> reference.name.equals(missing.name))
            .map(reference -> reference.interfaceName)
            .findFirst()
            .orElse(missing.name);
    return missing.target == null ? service : service + " " + missing.target;
  }

  /** The failure is a complete stack trace; its last cause is the most specific. */
  static String firstLine(String failure) {
    String cause = failure.lines().findFirst().orElse("");
    for (String line : failure.lines().toList()) {
      if (line.startsWith("Caused by: ")) {
        cause = line.substring("Caused by: ".length());
      }
    }
    return cause;
  }
}
