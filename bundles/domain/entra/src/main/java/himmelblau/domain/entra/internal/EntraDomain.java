package himmelblau.domain.entra.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.UserWithGroups;
import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.api.status.OptionFindings;
import himmelblau.domain.entra.internal.client.AppTokens;
import himmelblau.domain.entra.internal.device.Device;
import himmelblau.domain.entra.internal.device.DeviceJoin;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.device.HelloRegistration;
import himmelblau.domain.entra.internal.signin.EntraSignIn;
import himmelblau.domain.entra.internal.signin.StepErrors;
import himmelblau.domain.entra.internal.token.Prt;
import himmelblau.domain.entra.internal.token.PrtExchange.Target;
import himmelblau.domain.entra.internal.token.Tokens;
import himmelblau.domain.entra.internal.token.WellKnownApps;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Refusals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** One Entra ID domain. Thread-safe. */
final class EntraDomain implements DomainProvider {
  private static final Duration REACHABLE_WITHIN = Duration.ofSeconds(4);
  private static final Duration SPREADING = Duration.ofMinutes(1);
  private static final Integer[] UNKNOWN_KEY = {130004};

  /** Reasons for a failed renewal other than an invalid token. */
  private static final Set<Reason> OF_THE_ACCOUNT =
      Set.of(
          Reason.ACCOUNT_DISABLED,
          Reason.ACCOUNT_LOCKED,
          Reason.NO_SUCH_ACCOUNT,
          Reason.CONSENT_REQUIRED,
          Reason.DEVICE_DISABLED);

  private final EntraSettings settings;
  private final DomainHttp web;
  private final Devices devices;
  private static final Log LOG = Log.of(EntraDomain.class);

  private final DomainFindings findings;
  private final Discovery discovery;
  private final AppTokens tokens;
  private final EntraLookups lookups;
  private final Clock clock;
  private final DeviceJoin.Host host;
  private final DeviceGuard guard;
  private final DeviceGuard.Patience patience;
  private final ReentrantLock joining = new ReentrantLock();
  private volatile Instant lastRegistered = Instant.EPOCH;

  EntraDomain(
      EntraSettings settings,
      DomainHttp web,
      Devices devices,
      AppTokens tokens,
      DeviceJoin.Host host,
      Clock clock,
      DeviceGuard.Patience patience) {
    this.settings = settings;
    this.web = web;
    this.devices = devices;
    this.host = host;
    this.clock = clock;
    this.patience = patience;
    this.findings = new DomainFindings(settings.domain());
    this.discovery = new Discovery(web, settings, devices, clock, findings);
    this.guard = new DeviceGuard(devices, clock, patience);
    this.tokens = tokens;
    this.lookups = new EntraLookups(settings, tokens, clock);
  }

  @Override
  public String domain() {
    return settings.domain();
  }

  @Override
  public List<String> aliases() {
    return settings.aliases();
  }

  @Override
  public Optional<String> tenantId() {
    return discovery.tenantId();
  }

  /** For {@code aad-tool status}. */
  List<String> findings() {
    return findings.all();
  }

  /** Options whose values the directory does not accept. */
  OptionFindings optionFindings() {
    return findings;
  }

  /**
   * Does in advance what the first query would wait for: discovery, the trust store, a connection,
   * the first page. A lookup that sshd makes for a user never seen before has a quarter of a
   * second.
   *
   * @return whether there is nothing left to try
   */
  boolean warmUp() {
    try {
      lookups.warmUp(tenant());
      return true;
    } catch (DomainUnavailable e) {
      LOG.debug("domain.not_warm", "domain", settings.domain(), "why", e.getMessage());
      return e.kind() == DomainUnavailable.Kind.PROTOCOL;
    }
  }

  @Override
  public boolean reachable() {
    return HostReachability.within(REACHABLE_WITHIN, web, discovery.host());
  }

  /** The registration of this host, without asking the directory. */
  Optional<Device> device() throws SignInRefused {
    return devices.current(discovery.tenantId());
  }

  @Override
  public boolean joined() {
    try {
      return devices.current(discovery.tenantId()).isPresent();
    } catch (SignInRefused e) {
      return true; // there is a device whose keys cannot be opened now: an operation that needs
      // them fails
    }
  }

  @Override
  public boolean opensOffline() {
    try {
      return devices
          .current(discovery.tenantId())
          .filter(device -> !devices.lastSaidDisabled(device))
          .isPresent();
    } catch (SignInRefused e) {
      return true; // as in joined(): an operation that needs the keys fails
    }
  }

  @Override
  public Optional<DirectoryUser> find(AccountName name) throws DomainUnavailable {
    requireOurs(name);
    return lookups.find(tenant(), name);
  }

  @Override
  public Optional<UserWithGroups> findWithGroups(AccountName name) throws DomainUnavailable {
    requireOurs(name);
    return lookups.findWithGroups(tenant(), name);
  }

  @Override
  public Optional<Group> group(UUID objectId) throws DomainUnavailable {
    return lookups.group(tenant(), objectId);
  }

  /** Tokens for programs of users who have signed in. */
  EntraTokens resourceTokens() {
    return new EntraTokens(this::tenant, devices, guard, clock);
  }

  /** Graph, for commands of administrators. */
  EntraGraph graphAccess() {
    return new EntraGraph(settings, tokens, this::tenant);
  }

  /** Reads the whole directory, if there is a credential. */
  DirectoryListing listing() {
    return new EntraListing(settings.domain(), lookups, this::tenant);
  }

  /** {@link AppTokens#refresh}. */
  Duration refreshToken(boolean again) throws DomainUnavailable {
    return tokens.refresh(tenant().endpoint(), again);
  }

  @Override
  public SignIn begin(AccountName name, SignInPolicy policy)
      throws DomainUnavailable, SignInRefused {
    requireOurs(name);
    Tenant tenant = tenant();
    return EntraSignIn.begin(tenant, name, policy, completion(tenant));
  }

  @Override
  public HelloKind registerHello(Session session, Key key) throws DomainUnavailable, SignInRefused {
    if (!(session instanceof EntraSession own)) {
      throw new IllegalArgumentException("This session belongs to another provider");
    }
    if (!own.freshFactor() || key.spec() != KeySpec.RSA_2048) {
      return HelloKind.LOCAL; // the directory takes no other
    }
    Tenant tenant = tenant();
    Optional<Device> device = devices.current(Optional.of(tenant.authority().tenantId()));
    if (device.isEmpty()) {
      return HelloKind.LOCAL;
    }
    try (Tokens tokens =
        guard.run(
            device.get(),
            () ->
                tenant
                    .exchange()
                    .exchange(
                        device.get(),
                        own.prt(),
                        Target.resource(WellKnownApps.REGISTRATION_URN, true)))) {
      new HelloRegistration(web)
          .register(tenant.authority().tenantId(), key.publicKey(), tokens.requireAccess());
      lastRegistered = clock.instant();
      return HelloKind.REGISTERED;
    } catch (AadstsError e) {
      if (StepErrors.secondFactor(e)) {
        return HelloKind.LOCAL;
      }
      throw e.refused();
    }
  }

  @Override
  public Session signInWithHello(AccountName name, Key key)
      throws DomainUnavailable, SignInRefused {
    requireOurs(name);
    SessionCompletion completion = completion(tenant());
    for (int tried = 0; ; tried++) {
      try {
        return completion.hello(name, key);
      } catch (AadstsError e) {
        // A key that was just registered may not be known to every server yet.
        boolean fresh = lastRegistered.plus(SPREADING).isAfter(clock.instant());
        if (!e.has(UNKNOWN_KEY) || !fresh || tried >= patience.replication().size()) {
          throw e.refused();
        }
        DomainHttp.pause(patience.replication().get(tried));
      }
    }
  }

  @Override
  public Session renew(AccountName name, Secret renewal) throws DomainUnavailable, SignInRefused {
    requireOurs(name);
    Optional<Prt> kept = Prt.of(renewal);
    if (kept.isEmpty()) {
      throw Refusals.because(Reason.RENEWAL_DEAD, Refusals.EXPIRED);
    }
    try (Prt prt = kept.get()) {
      return completion(tenant()).renew(name, prt);
    } catch (AadstsError e) {
      SignInRefused refused = e.refused();
      // Whatever the directory wants now, this token does not give it.
      boolean wantsUser = StepErrors.secondFactor(e) || e.name().equals("invalid_grant");
      throw wantsUser && !OF_THE_ACCOUNT.contains(refused.reason())
          ? new SignInRefused(
              Reason.RENEWAL_DEAD,
              StepErrors.secondFactor(e) ? Refusals.MFA_AGAIN : Refusals.EXPIRED,
              refused.code(),
              false)
          : refused;
    }
  }

  @Override
  public boolean renewalAlive(Secret renewal) {
    Optional<Prt> kept = Prt.of(renewal);
    if (kept.isEmpty()) {
      return false;
    }
    try (Prt prt = kept.get()) {
      return prt.expires().isAfter(clock.instant());
    }
  }

  @Override
  public void leave() {
    devices.forget(discovery.tenantId());
  }

  private Tenant tenant() throws DomainUnavailable {
    return Tenant.of(settings, web, discovery.authority(), clock);
  }

  private SessionCompletion completion(Tenant tenant) {
    return new SessionCompletion(tenant, devices, this::join, guard, findings);
  }

  private Device join(Tenant tenant, Secret refreshToken)
      throws DomainUnavailable, SignInRefused, AadstsError {
    joining.lock(); // two first sign-ins at once must not make two devices
    try {
      Optional<Device> meanwhile = devices.current(Optional.of(tenant.authority().tenantId()));
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      try (Tokens tokens =
          tenant.endpoint().refresh(refreshToken, WellKnownApps.REGISTRATION + "/.default")) {
        return new DeviceJoin(web, devices, clock)
            .join(settings.domain(), tenant.authority().tenantId(), host, tokens.requireAccess());
      }
    } finally {
      joining.unlock();
    }
  }

  /** A name of another tenant is never asked about, here or anywhere. */
  private void requireOurs(AccountName name) throws DomainUnavailable {
    if (!settings.domains().contains(name.domain())) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL,
          name.domain() + " is not a domain of " + settings.domain());
    }
  }
}
