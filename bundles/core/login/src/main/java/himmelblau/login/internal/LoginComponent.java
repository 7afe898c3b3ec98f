package himmelblau.login.internal;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.directory.Directory;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.Totp;
import himmelblau.api.hsm.Machine;
import himmelblau.api.kerberos.TicketListener;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInResult;
import himmelblau.api.login.SignInService;
import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.plugin.PluginRank;
import himmelblau.api.sso.RenewalListener;
import himmelblau.api.status.Trouble;
import himmelblau.api.store.Area;
import himmelblau.api.store.Store;
import himmelblau.api.store.Vault;
import himmelblau.api.tasks.RootTasks;
import himmelblau.login.internal.environment.BreakglassPolicies;
import himmelblau.login.internal.environment.PluginRegistry;
import himmelblau.login.internal.environment.RenewalListeners;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.offline.DisabledAccounts;
import himmelblau.login.internal.offline.HostClock;
import himmelblau.login.internal.offline.VerifierRetention;
import himmelblau.login.internal.offline.VerifierTable;
import himmelblau.login.internal.offline.Verifiers;
import himmelblau.login.internal.refusals.RecentRefusals;
import himmelblau.login.internal.settings.LoginConfig;
import himmelblau.login.internal.settings.LoginSettings;
import himmelblau.login.internal.settings.LogonConfig;
import himmelblau.login.internal.settings.LogonSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Connects the conversation engine with the plug-ins, which may be added and removed at any time.
 */
@Component(
    service = {SignInService.class, Trouble.class, MetricSource.class, LoginComponent.class},
    immediate = true, // its record of removed plug-ins must outlive the users of this service
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LoginConfig.class)
public final class LoginComponent implements SignInService, Trouble, MetricSource {
  private static final Duration POLICIES_SETTLE = Duration.ofMinutes(1);

  private final PluginRegistry<DomainProvider> domains =
      new PluginRegistry<>(System::nanoTime, (domain, name) -> domain.aliases().contains(name));
  private final PluginRegistry<MfaMethod> methods =
      new PluginRegistry<>(System::nanoTime, (method, id) -> false);
  private final PluginRegistry<Hello> hellos =
      new PluginRegistry<>(System::nanoTime, (hello, id) -> false);
  private final BreakglassPolicies policies = new BreakglassPolicies();
  private final RenewalListeners renewals = new RenewalListeners();
  private final SignInEnvironment environment;
  private final Thread watch;
  private final VerifierRetention retention;
  private final SignIns signIns;
  private volatile LoginSettings settings;
  private volatile LogonSettings logon;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable Totp totp;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable RootTasks tasks;

  @Activate
  public LoginComponent(
      LoginConfig config,
      LogonConfig after,
      @Reference Directory directory,
      @Reference Store store,
      @Reference Machine machine,
      @Reference Vault vault) {
    settings = LoginConfig.Reader.read(config);
    logon = LogonConfig.Reader.read(after);
    Area area = store.area(VerifierTable.AREA, VerifierTable.MIGRATIONS);
    environment =
        new SignInEnvironment(
            () -> settings,
            () -> logon,
            directory,
            new Verifiers(new VerifierTable(area), machine, vault),
            new DisabledAccounts(area),
            new RecentRefusals(InstantSource.system()),
            new HostClock(area, InstantSource.system()),
            domains,
            methods,
            hellos,
            () -> Optional.ofNullable(totp),
            () -> Optional.ofNullable(tasks),
            policies::inUse,
            renewals);
    signIns = new SignIns(environment);
    retention = new VerifierRetention(environment.verifiers(), policies::inUse, POLICIES_SETTLE);
    retention.changed();
    watch = Thread.ofVirtual().name("clock").start(environment.clock()::watch);
  }

  @Modified
  void modified(LoginConfig config, LogonConfig after) {
    settings = LoginConfig.Reader.read(config);
    logon = LogonConfig.Reader.read(after);
  }

  /** For the steps of {@code aad-tool explain}, which only read. */
  public SignInEnvironment environment() {
    return environment;
  }

  /** Called before the references are taken away. */
  @Deactivate
  void deactivate() {
    watch.interrupt();
    retention.close();
    domains.freeze();
    methods.freeze();
    hellos.freeze();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addDomain(DomainProvider domain, Map<String, Object> properties) {
    domains.add(
        domain,
        PluginRegistry.lowered(PluginRegistry.words(properties.get(DomainProvider.DOMAIN))),
        PluginRank.of(properties));
  }

  void removeDomain(DomainProvider domain) {
    domains.remove(domain);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addMethod(MfaMethod method, Map<String, Object> properties) {
    method.traits(); // a method that cannot say them is not added
    methods.add(
        method, PluginRegistry.words(properties.get(MfaMethod.METHOD)), PluginRank.of(properties));
  }

  void removeMethod(MfaMethod method) {
    methods.remove(method);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addHello(Hello hello, Map<String, Object> properties) {
    hellos.add(hello, List.of(SignInEnvironment.HELLO), PluginRank.of(properties));
  }

  void removeHello(Hello hello) {
    hellos.remove(hello);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addRenewalListener(RenewalListener listener) {
    renewals.add(listener);
  }

  void removeRenewalListener(RenewalListener listener) {
    renewals.remove(listener);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addTicketListener(TicketListener listener) {
    renewals.add(listener);
  }

  void removeTicketListener(TicketListener listener) {
    renewals.remove(listener);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      updated = "updatedPolicy")
  void addPolicy(BreakglassPolicy policy, Map<String, Object> properties) {
    policies.add(
        policy,
        PluginRegistry.words(properties.get(BreakglassPolicy.TRIGGER)),
        PluginRank.of(properties));
    retention.changed();
  }

  /** Its options have changed, and with them what it keeps. */
  void updatedPolicy(BreakglassPolicy policy) {
    retention.changed();
  }

  void removePolicy(BreakglassPolicy policy) {
    policies.remove(policy);
    retention.changed();
  }

  @Override
  public SignInResult authenticate(SignInRequest request, Conversation conversation)
      throws ConversationClosed {
    return signIns.authenticate(request, conversation);
  }

  @Override
  public SignInResult account(SignInRequest request, Conversation conversation)
      throws ConversationClosed {
    return signIns.account(request, conversation);
  }

  @Override
  public SignInResult openSession(SignInRequest request, Conversation conversation)
      throws ConversationClosed {
    return signIns.openSession(request, conversation);
  }

  @Override
  public SignInResult closeSession(SignInRequest request, Conversation conversation)
      throws ConversationClosed {
    return signIns.closeSession(request, conversation);
  }

  @Override
  public SignInResult changePin(SignInRequest request, Conversation conversation)
      throws ConversationClosed {
    return signIns.changePin(request, conversation);
  }

  @Override
  public void unseal(SignInRequest request) {
    signIns.unseal(request);
  }

  @Override
  public List<Metric> metrics() {
    return signIns.metrics();
  }

  @Override
  public List<String> troubles() {
    return MissingRequirements.of(environment);
  }

  @Override
  public void forgetAll() {
    signIns.forgetAll();
  }
}
