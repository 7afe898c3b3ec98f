package himmelblau.shell.internal;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.mfa.MfaMethod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Since when plug-ins are there or gone; what was so before this bundle started, since then. */
@Component(service = PluginTimes.class, immediate = true)
public final class PluginTimes implements ServiceListener {
  private static final String COMPONENT = "component.name";
  private static final String FILTER =
      List.of(MfaMethod.class, KeyStore.class, DomainProvider.class, BreakglassPolicy.class)
          .stream()
          .map(type -> "(" + Constants.OBJECTCLASS + "=" + type.getName() + ")")
          .collect(Collectors.joining("", "(|", ")"));

  private final BundleContext context;
  private final Instant start = Instant.now();
  private final Map<Long, Instant> services = new ConcurrentHashMap<>();
  private final Map<String, Instant> gone = new ConcurrentHashMap<>();

  @Activate
  public PluginTimes(BundleContext context) {
    this.context = context;
    try {
      context.addServiceListener(this, FILTER);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Deactivate
  void close() {
    context.removeServiceListener(this);
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    ServiceReference<?> service = event.getServiceReference();
    if (event.getType() == ServiceEvent.REGISTERED) {
      services.put(ShadowedPlugins.id(service), Instant.now());
    } else if (event.getType() == ServiceEvent.UNREGISTERING) {
      services.remove(ShadowedPlugins.id(service));
      gone.put(ShadowedPlugins.bundle(service), Instant.now());
      if (service.getProperty(COMPONENT) instanceof String component) {
        gone.put(component, Instant.now());
      }
    }
  }

  /** Since when a service is there. */
  Instant there(long service) {
    return services.getOrDefault(service, start);
  }

  /**
   * Since when no service is there.
   *
   * @param name of a component or a bundle
   */
  Instant gone(String name) {
    return gone.getOrDefault(name, start);
  }
}
