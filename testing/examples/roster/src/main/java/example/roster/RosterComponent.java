package example.roster;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.http.Http;
import himmelblau.api.log.Log;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Registers a provider for each configured domain with {@code domain_kind = roster}. There is one
 * component for each domain; a changed configuration makes a new one.
 */
@Component(
    service = {},
    immediate = true,
    property = DomainProvider.KIND + "=" + RosterComponent.KIND,
    configurationPid = "himmelblau.domain",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class RosterComponent {
  static final String KIND = "roster";

  private static final Log LOG = Log.of(RosterComponent.class);

  private final Optional<ServiceRegistration<DomainProvider>> registration;

  /** Options of a domain in himmelblau.conf. */
  @ObjectClassDefinition(name = "Domain of a roster server")
  public @interface Config {
    @AttributeDefinition(description = "The domain")
    String domain();

    @AttributeDefinition(description = "Which provider serves the domain")
    String domain_kind() default "";

    @AttributeDefinition(description = "Address of the roster server, https")
    String roster_url() default "";
  }

  @Activate
  public RosterComponent(BundleContext context, Config config, @Reference Http http) {
    if (!config.domain_kind().equals(KIND)) {
      registration = Optional.empty();
      return;
    }
    DomainProvider provider =
        new RosterDomain(
            config.domain(), new RosterClient(http, URI.create(config.roster_url())), Clock.systemUTC());
    registration =
        Optional.of(
            context.registerService(
                DomainProvider.class,
                provider,
                FrameworkUtil.asDictionary(
                    Map.of(DomainProvider.KIND, KIND, DomainProvider.DOMAIN, config.domain()))));
    LOG.info("domain.ready", "domain", config.domain(), "kind", KIND);
  }

  @Deactivate
  void stop() {
    registration.ifPresent(ServiceRegistration::unregister);
  }
}
