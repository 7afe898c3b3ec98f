package himmelblau.domain.oidc.internal;

import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.Machine;
import himmelblau.api.http.Http;
import himmelblau.api.log.Log;
import himmelblau.api.status.Trouble;
import himmelblau.api.store.Vault;
import himmelblau.domain.oidc.internal.OidcSettings.UserNameForm;
import himmelblau.domain.oidc.internal.client.ClientKey;
import himmelblau.domain.oidc.internal.client.ClientProofs;
import himmelblau.domain.oidc.internal.client.ClientSecret;
import himmelblau.domain.oidc.internal.client.HostClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
 * Registers a {@link DomainProvider} for each domain with {@code oidc_issuer_url}. This class alone
 * is loaded on a host without such a domain: nothing of the Nimbus libraries.
 */
@Component(
    service = {},
    immediate = true,
    property = DomainProvider.KIND + "=" + OidcComponent.KIND,
    configurationPid = "himmelblau.domain",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class OidcComponent {
  static final String KIND = "oidc";

  private static final Log LOG = Log.of(OidcComponent.class);
  private static final String UNSET_KIND = "entra";

  private final List<@Nullable ServiceRegistration<?>> registrations = new ArrayList<>();

  /** Options of a domain. Defaults are in OSGI-INF/himmelblau.options. */
  @ObjectClassDefinition(name = "Domain of an OpenID Connect issuer")
  public @interface Config {
    @AttributeDefinition(description = "The domain")
    String domain();

    @AttributeDefinition(description = "Which provider serves the domain")
    String domain_kind() default UNSET_KIND;

    @AttributeDefinition(description = "The issuer, https")
    String oidc_issuer_url() default "";

    @AttributeDefinition(description = "Client id of this host at the issuer")
    String app_id() default "";

    @AttributeDefinition(
        description = "none, private_key_jwt, client_secret_basic or client_secret_post")
    String oidc_client_auth();

    @AttributeDefinition(description = "Claims that may hold the account name, in order")
    String[] oidc_account_id_claims() default {};

    @AttributeDefinition(description = "Drop @ and what follows from that claim")
    boolean oidc_account_id_strip_at_suffix();

    @AttributeDefinition(description = "Claim that lists the groups")
    String oidc_groups_claim();

    @AttributeDefinition(description = "Values of acr that stand for two factors")
    String[] oidc_multi_factor_acr() default {};

    @AttributeDefinition(description = "Whether users type their password at this host")
    boolean oidc_password_grant();

    @AttributeDefinition(description = "Name that a password is sent with: short or full")
    String oidc_password_name();
  }

  @Activate
  public OidcComponent(
      BundleContext context,
      Config config,
      @Reference Http http,
      @Reference Machine machine,
      @Reference Vault vault) {
    String domain = config.domain().strip().toLowerCase(Locale.ROOT);
    String kind = config.domain_kind().strip();
    boolean issuer = !config.oidc_issuer_url().isBlank();
    if (domain.isEmpty() || !(kind.equals(KIND) || (issuer && kind.equals(UNSET_KIND)))) {
      return; // another provider's
    }
    Optional<String> missing = missing(config);
    if (missing.isPresent()) {
      String text =
          "%s: %s is not set, so no user of this domain can sign in"
              .formatted(domain, missing.get());
      registrations.add(context.registerService(Trouble.class, () -> List.of(text), null));
      return;
    }
    OidcSettings settings = settings(domain, config);
    ClientSecret secret = new ClientSecret(domain, settings.clientAtIssuer(), vault);
    HostClient host =
        new HostClient(
            domain,
            settings.client(),
            ClientProofs.of(
                config.oidc_client_auth(),
                settings.client(),
                new ClientKey(domain, vault, machine),
                secret,
                Clock.systemUTC()));
    registrations.add(
        context.registerService(
            ClientSecret.class,
            secret,
            FrameworkUtil.asDictionary(Map.of(DomainProvider.DOMAIN, domain))));
    registrations.add(context.registerService(Trouble.class, host::troubles, null));
    registrations.add(
        context.registerService(
            DomainProvider.class,
            OidcDomain.of(settings, http, host),
            FrameworkUtil.asDictionary(
                Map.of(DomainProvider.KIND, KIND, DomainProvider.DOMAIN, domain))));
    LOG.info("domain.ready", "domain", domain, "kind", KIND);
  }

  private static Optional<String> missing(Config config) {
    if (config.oidc_issuer_url().isBlank()) {
      return Optional.of("oidc_issuer_url");
    }
    return config.app_id().isBlank() ? Optional.of("app_id") : Optional.empty();
  }

  private static OidcSettings settings(String domain, Config config) {
    return new OidcSettings(
        domain,
        config.oidc_issuer_url().strip(),
        config.app_id().strip(),
        given(config.oidc_account_id_claims()).toList(),
        config.oidc_account_id_strip_at_suffix(),
        config.oidc_groups_claim().strip(),
        given(config.oidc_multi_factor_acr()).collect(Collectors.toUnmodifiableSet()),
        config.oidc_password_grant()
            ? Optional.of(
                config.oidc_password_name().equals("full") ? UserNameForm.FULL : UserNameForm.SHORT)
            : Optional.empty());
  }

  private static Stream<String> given(String[] items) {
    return Arrays.stream(items).map(String::strip).filter(item -> !item.isEmpty());
  }

  @Deactivate
  void stop() {
    registrations.stream()
        .flatMap(each -> Optional.ofNullable(each).stream())
        .forEach(ServiceRegistration::unregister);
  }
}
