package himmelblau.sso.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.directory.Directory;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hsm.Machine;
import himmelblau.api.kerberos.TicketListener;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.BrokerCall;
import himmelblau.api.sso.BrokerCalls;
import himmelblau.api.sso.KeptRenewals;
import himmelblau.api.sso.RenewalListener;
import himmelblau.api.sso.ResourceTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Connects the session brokers' calls with sign-ins and domains. */
@Component(
    service = {
      BrokerCalls.class,
      RenewalListener.class,
      KeptRenewals.class,
      AccountStatusListener.class,
      SsoComponent.class
    },
    immediate = true, // sign-ins end whether or not a broker has called
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SsoComponent.Config.class)
public final class SsoComponent
    implements BrokerCalls, RenewalListener, KeptRenewals, AccountStatusListener {
  private static final Log LOG = Log.of(SsoComponent.class);
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** What this reads from {@code himmelblau.global}. */
  @ObjectClassDefinition(name = "Single sign-on")
  public @interface Config {
    @AttributeDefinition(
        description = "Sign-in socket; renewals are kept in a folder beside it, in memory")
    String socket_path() default "/run/himmelblaud/socket";
  }

  private final SsoDomains domains = new SsoDomains();
  private final SsoService service;

  @Activate
  public SsoComponent(Config config, @Reference Directory directory, @Reference Machine machine) {
    Path folder = Path.of(config.socket_path()).resolveSibling("sso");
    HeldRenewals held = new HeldRenewals(machine, new RenewalFiles(folder), boot());
    service = new SsoService(directory, domains, held, InstantSource.system());
  }

  private static String boot() {
    try {
      return Files.readString(BOOT).strip();
    } catch (IOException e) {
      LOG.warn("sso.no_boot_id", "why", e.toString());
      return UUID.randomUUID().toString(); // nothing outlives this process then
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addDomain(DomainProvider domain) {
    domains.add(domain);
  }

  void removeDomain(DomainProvider domain) {
    domains.remove(domain);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addTokens(ResourceTokens tokens, Map<String, Object> properties) {
    domains.add(tokens, String.valueOf(properties.get(DomainProvider.DOMAIN)));
  }

  void removeTokens(ResourceTokens tokens) {
    domains.remove(tokens);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addTicketListener(TicketListener listener) {
    service.add(listener);
  }

  void removeTicketListener(TicketListener listener) {
    service.remove(listener);
  }

  @Override
  public boolean renew(AccountName name) throws InterruptedException {
    return service.renew(name);
  }

  @Override
  public String answer(BrokerCall call, Duration budget) throws InterruptedException {
    return service.answer(call, budget);
  }

  @Override
  public void signedIn(Account account, Secret renewal) {
    service.signedIn(account, renewal);
  }

  @Override
  public void ended(AccountName name) {
    service.ended(name);
  }

  @Override
  public void heard(AccountName name, boolean enabled) {
    service.heard(name, enabled);
  }

  @Override
  public void forgetAll() {
    service.forgetAll();
  }

  /** For the commands. */
  SsoService service() {
    return service;
  }

  @Deactivate
  void close() {
    service.close();
  }
}
