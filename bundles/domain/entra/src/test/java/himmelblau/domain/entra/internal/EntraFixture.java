package himmelblau.domain.entra.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.http.Http;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.client.AppTokens;
import himmelblau.domain.entra.internal.client.ClientCredentials;
import himmelblau.domain.entra.internal.client.RetryPauses;
import himmelblau.domain.entra.internal.device.DeviceJoin;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.http.internal.ProxiedHttp;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import himmelblau.testing.tenant.Service;
import himmelblau.testing.tenant.TenantServer;
import himmelblau.testing.tenant.admin.AdminHandler;
import himmelblau.testing.tenant.directory.Seed;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.login.Phone;
import himmelblau.testing.tenant.tls.CertificateAuthority;
import himmelblau.testing.tenant.tls.ConnectProxy;
import himmelblau.testing.tenant.web.Fault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A host and the emulated tenant, in one process, with real TLS between them. */
final class EntraFixture implements AutoCloseable {
  static final String DOMAIN = "example.onmicrosoft.com";
  static final Set<String> METHODS =
      Set.of(
          "PhoneAppNotification",
          "PhoneAppOTP",
          "OneWaySMS",
          "FidoKey",
          "AccessPass",
          "RemoteNGC",
          "DeviceCode");
  static final SignInPolicy FORCED =
      new SignInPolicy(true, OtherBrowser.WHERE_NEEDED, METHODS, true);
  static final SignInPolicy CONSOLE =
      new SignInPolicy(false, OtherBrowser.WHERE_NEEDED, METHODS, true);
  static final AccountName USER = AccountName.parse("user02@" + DOMAIN).orElseThrow();

  final Service tenant = new Service();
  final MemoryMachine machine = new MemoryMachine();
  final MemoryVault vault = new MemoryVault();
  final MovableClock clock = new MovableClock();
  private final TenantServer server;
  private final ConnectProxy proxy;
  private final Http http;
  private final Path ca;

  EntraFixture(Path folder) throws Exception {
    new Seed(tenant.directory(), tenant.settings()).load(Optional.empty());
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        TenantServer.start(
            tenant,
            CertificateAuthority.in(folder),
            any,
            "127.0.0.1:0",
            started -> new AdminHandler(tenant, started));
    proxy = new ConnectProxy(any, server.address());
    ca = folder.resolve("ca.pem");
    http = http(Duration.ofSeconds(60));
  }

  static EntraSettings settings(
      boolean posix, boolean interactive, boolean securityKey, Optional<String> preferred) {
    return new EntraSettings(
        DOMAIN,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        EntraSettings.ODC,
        Optional.empty(),
        0,
        posix,
        !posix,
        interactive,
        securityKey,
        preferred,
        EntraSettings.LogonToken.NONE);
  }

  /** The same with another domain of the tenant. */
  static EntraSettings alias(EntraSettings s, String domain) {
    return new EntraSettings(
        s.domain(),
        List.of(domain),
        s.authorityHost(),
        s.tenantId(),
        s.graph(),
        s.odc(),
        s.appId(),
        s.joinType(),
        s.posix(),
        s.nameIsEnough(),
        s.interactive(),
        s.securityKey(),
        s.preferredMethod(),
        s.logonToken());
  }

  private Http http(Duration timeout) {
    return ProxiedHttp.through(proxy.address().getPort(), ca, timeout);
  }

  Http http() {
    return http;
  }

  EntraDomain domain() {
    return domain(EntraSettings.of(DOMAIN));
  }

  EntraDomain domain(EntraSettings settings) {
    return domain(settings, http);
  }

  /** One that does not wait long. */
  EntraDomain impatient() {
    return domain(EntraSettings.of(DOMAIN), http(Duration.ofMillis(1500)));
  }

  /** What a new domain is given. */
  AppTokens tokens() {
    return new AppTokens(new ClientCredentials(DOMAIN, vault, machine), clock, RetryPauses.NORMAL);
  }

  private EntraDomain domain(EntraSettings settings, Http client) {
    return domain(settings, tokens(), client);
  }

  EntraDomain domain(EntraSettings settings, AppTokens tokens) {
    return domain(settings, tokens, http);
  }

  EntraDomain domain(EntraSettings settings, AppTokens tokens, Http client) {
    return new EntraDomain(
        settings,
        new DomainHttp(client),
        new Devices(settings.domain(), vault, machine),
        tokens,
        new DeviceJoin.Host("lnx-0001", "Debian 13", 0),
        clock,
        new DeviceGuard.Patience(
            List.of(Duration.ofMillis(20), Duration.ofMillis(20)), Duration.ofMillis(20)));
  }

  User user() {
    return tenant.directory().user(USER.upn()).orElseThrow();
  }

  static Secret password() {
    return Secret.ofText("Passw0rd!");
  }

  /** Password and number match; the user does what {@code answer} says. */
  Session signIn(EntraDomain domain) throws DomainUnavailable, SignInRefused {
    try (SignIn signIn = domain.begin(USER, FORCED)) {
      Step.NeedFactor factor = (Step.NeedFactor) signIn.password(password());
      Challenge challenge = signIn.challenge(factor.offers().get(0));
      Prompt prompt = challenge.begin();
      answer(true, prompt.number().map(Integer::valueOf));
      if (challenge.poll() != Challenge.Progress.APPROVED) {
        throw new AssertionError("not approved");
      }
      return ((Step.Complete) signIn.approved(challenge)).session();
    }
  }

  Phone.State answer(boolean approve, Optional<Integer> number) {
    Phone.Prompt prompt = tenant.phone().open(user().id()).get(0);
    return tenant.phone().answer(prompt, approve, number);
  }

  static FactorOffer offer(Step step, String method) {
    return ((Step.NeedFactor) step)
        .offers().stream().filter(o -> o.method().equals(method)).findFirst().orElseThrow();
  }

  void fault(String host, String path, Fault.Kind kind, double value) {
    tenant.faults().add(new Fault(host, path, "*", kind, value, 0), 1);
  }

  void stop() throws Exception {
    server.unreachable();
  }

  void start() throws Exception {
    server.reachable();
  }

  interface Action {
    Object run() throws DomainUnavailable, SignInRefused;
  }

  static DomainUnavailable unavailable(Action action) throws SignInRefused {
    try {
      action.run();
    } catch (DomainUnavailable e) {
      return e;
    }
    throw new AssertionError("it worked");
  }

  static SignInRefused refused(Action action) throws DomainUnavailable {
    try {
      action.run();
    } catch (SignInRefused e) {
      return e;
    }
    throw new AssertionError("it worked");
  }

  @Override
  public void close() throws Exception {
    proxy.close();
    server.stop();
  }
}
