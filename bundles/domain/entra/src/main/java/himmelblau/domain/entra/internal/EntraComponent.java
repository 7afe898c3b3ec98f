package himmelblau.domain.entra.internal;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.Machine;
import himmelblau.api.http.Http;
import himmelblau.api.log.Log;
import himmelblau.api.store.Vault;
import himmelblau.domain.entra.internal.client.AppTokens;
import himmelblau.domain.entra.internal.client.ClientCredentials;
import himmelblau.domain.entra.internal.client.RetryPauses;
import himmelblau.domain.entra.internal.device.DeviceJoin;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.token.OsRelease;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Registers one {@link DomainProvider} for each configured domain, unless the configuration says
 * that another provider serves it. A changed configuration creates a new one; sign-ins in progress
 * finish with the old one.
 */
@Component(
    service = {},
    immediate = true,
    property = DomainProvider.KIND + "=" + EntraComponent.KIND,
    configurationPid = "himmelblau.domain",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class EntraComponent {
  private static final Log LOG = Log.of(EntraComponent.class);
  static final String KIND = "entra";
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private final @Nullable DomainRegistrations registrations;
  private final @Nullable WarmUp warmUp;

  /**
   * Options of a domain. Defaults are in OSGI-INF/himmelblau.options, where this bundle has any.
   */
  @ObjectClassDefinition(name = "Entra ID domain")
  public @interface Config {
    @AttributeDefinition(description = "The domain")
    String domain();

    @AttributeDefinition(description = "Anything but entra: another provider serves the domain")
    String domain_kind() default KIND;

    @AttributeDefinition(description = "Other domains of the same tenant")
    String[] domain_aliases() default {};

    @AttributeDefinition(description = "Login host; discovered when empty")
    String authority_host();

    @AttributeDefinition(description = "Tenant id; discovered when unset")
    String tenant_id() default "";

    @AttributeDefinition(description = "Microsoft Graph; discovered when unset")
    String graph_url() default "";

    @AttributeDefinition(description = "Host of the tenant discovery")
    String odc_provider();

    @AttributeDefinition(description = "Application of the tenant for reading the directory")
    String app_id() default "";

    @AttributeDefinition(description = "join or register")
    String join_type();

    @AttributeDefinition(description = "name, uuid or rfc2307")
    String id_attr_map() default "name";

    @AttributeDefinition(description = "false = always use the device code flow")
    boolean enable_experimental_mfa() default true;

    @AttributeDefinition(description = "Offer a security key as the first factor")
    boolean enable_passwordless_security_key();

    @AttributeDefinition(description = "Older name of the same option")
    boolean enable_experimental_passwordless_fido();

    @AttributeDefinition(description = "Preferred second factor")
    String mfa_method() default "";

    @AttributeDefinition(description = "Application for the token of the logon script")
    String logon_token_app_id() default "";

    @AttributeDefinition(description = "Scopes of the token for the logon script")
    String[] logon_token_scopes() default {};

    @AttributeDefinition(description = "When set, the domain is not an Entra ID domain")
    String oidc_issuer_url() default "";
  }

  @Activate
  public EntraComponent(
      BundleContext context,
      Config config,
      @Reference Http http,
      @Reference Machine machine,
      @Reference Vault vault) {
    if (!config.domain_kind().equals(KIND)
        || !config.oidc_issuer_url().isBlank()
        || config.domain().isBlank()) {
      registrations = null;
      warmUp = null;
      return;
    }
    EntraSettings settings = EntraSettings.of(config);
    Clock clock = Clock.systemUTC();
    AppTokens tokens =
        new AppTokens(
            new ClientCredentials(settings.domain(), vault, machine), clock, RetryPauses.NORMAL);
    EntraDomain provider =
        new EntraDomain(
            settings,
            new DomainHttp(http),
            new Devices(settings.domain(), vault, machine),
            tokens,
            new DeviceJoin.Host(
                hostName(), OsRelease.describe().orElse("Linux"), settings.joinType()),
            clock,
            DeviceGuard.Patience.NORMAL);
    WarmUp warming = WarmUp.announced(context, provider);
    warmUp = warming;
    registrations = new DomainRegistrations(context, provider, tokens);
    LOG.info("domain.ready", "domain", settings.domain(), "kind", "entra");
    warming.start();
  }

  @Deactivate
  void stop() {
    WarmUp warming = warmUp;
    if (warming != null) {
      warming.close();
    }
    DomainRegistrations registered = registrations;
    if (registered != null) {
      registered.close();
    }
  }

  /** The kernel's, so that no name service is asked. */
  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return "linux";
    }
  }
}
