package himmelblau.testing.tenant;

import himmelblau.testing.tenant.crypto.DeviceCertificates;
import himmelblau.testing.tenant.directory.Directory;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.discovery.MetadataEndpoint;
import himmelblau.testing.tenant.drs.DeviceEndpoint;
import himmelblau.testing.tenant.drs.DrsEndpoint;
import himmelblau.testing.tenant.graph.ApplicationsEndpoint;
import himmelblau.testing.tenant.graph.GraphEndpoint;
import himmelblau.testing.tenant.kerberos.KdcProxy;
import himmelblau.testing.tenant.kerberos.ReplyTickets;
import himmelblau.testing.tenant.login.Apps;
import himmelblau.testing.tenant.login.AuthorizeEndpoint;
import himmelblau.testing.tenant.login.BrowserSessions;
import himmelblau.testing.tenant.login.CredentialTypeEndpoint;
import himmelblau.testing.tenant.login.Credentials;
import himmelblau.testing.tenant.login.DeviceCodes;
import himmelblau.testing.tenant.login.FidoEndpoint;
import himmelblau.testing.tenant.login.Flows;
import himmelblau.testing.tenant.login.LoginEndpoint;
import himmelblau.testing.tenant.login.MethodSetupEndpoint;
import himmelblau.testing.tenant.login.Pages;
import himmelblau.testing.tenant.login.Phone;
import himmelblau.testing.tenant.login.ProtectedApp;
import himmelblau.testing.tenant.login.RemoteNgc;
import himmelblau.testing.tenant.login.SasEndpoint;
import himmelblau.testing.tenant.login.SecondFactorPages;
import himmelblau.testing.tenant.login.SecurityInfoEndpoint;
import himmelblau.testing.tenant.login.SignIn;
import himmelblau.testing.tenant.login.SignOutEndpoint;
import himmelblau.testing.tenant.login.SsprEndpoint;
import himmelblau.testing.tenant.oauth.AppGrants;
import himmelblau.testing.tenant.oauth.ClientAuthentication;
import himmelblau.testing.tenant.oauth.DeviceCodeEndpoint;
import himmelblau.testing.tenant.oauth.PrtGrants;
import himmelblau.testing.tenant.oauth.TokenEndpoint;
import himmelblau.testing.tenant.oauth.UserGrants;
import himmelblau.testing.tenant.token.Bearer;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Nonces;
import himmelblau.testing.tenant.token.PrtVerifier;
import himmelblau.testing.tenant.token.SigningKey;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.token.TokenMint;
import himmelblau.testing.tenant.token.TokenPolicy;
import himmelblau.testing.tenant.web.Faults;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.RequestLog;
import himmelblau.testing.tenant.web.Route;
import himmelblau.testing.tenant.web.Router;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The parts of the emulated service, put together. Holds all state; there is none elsewhere. */
public final class Service {
  private static final List<String> LOGIN_HOSTS =
      List.of(
          "login.microsoftonline.com",
          "login.microsoft.com",
          "login.windows.net",
          "sts.windows.net",
          "device.login.microsoftonline.com",
          "localhost",
          "127.0.0.1");

  private final TenantClock clock = new TenantClock();
  private final Settings settings = new Settings();
  private final Directory directory = new Directory();
  private final Faults faults = new Faults();
  private final RequestLog log = new RequestLog();
  private final Credentials credentials = new Credentials(directory, clock);
  private final Phone phone = new Phone(settings, clock);
  private final DeviceCodes deviceCodes = new DeviceCodes(settings, clock);
  private final Router router = new Router();

  public Service() {
    Supplier<SigningKey> signingKey = later(SigningKey::new);
    Supplier<DeviceCertificates> certificates = later(DeviceCertificates::new);
    Apps apps = new Apps(directory);
    Grants grants = new Grants();
    Nonces nonces = new Nonces(settings, clock);
    TokenPolicy policy = new TokenPolicy(directory, settings, clock);
    Bearer bearer = new Bearer(signingKey, clock);
    TokenMint mint = new TokenMint(signingKey, grants, policy, directory, settings, clock);
    PrtVerifier verifier = new PrtVerifier(certificates, grants, policy, nonces, settings, clock);
    Flows flows = new Flows(settings, clock);
    Pages pages = new Pages(settings, credentials);
    BrowserSessions sessions = new BrowserSessions(policy, clock);
    SignIn signIn =
        new SignIn(
            directory,
            settings,
            credentials,
            policy,
            pages,
            flows,
            grants,
            deviceCodes,
            sessions,
            clock);
    RemoteNgc remoteNgc = new RemoteNgc(flows, phone, directory);
    ClientAuthentication clients = new ClientAuthentication(directory, clock);
    UserGrants users =
        new UserGrants(
            apps,
            clients,
            directory,
            credentials,
            deviceCodes,
            grants,
            policy,
            mint,
            settings,
            clock);
    PrtGrants prts =
        new PrtGrants(
            verifier,
            users,
            apps,
            directory,
            credentials,
            grants,
            policy,
            mint,
            new ReplyTickets(settings, clock),
            settings,
            clock);
    AppGrants appGrants = new AppGrants(apps, clients, directory, bearer, policy, mint, clock);
    DeviceCodeEndpoint deviceCode =
        new DeviceCodeEndpoint(apps, directory, deviceCodes, flows, pages, settings, clock);
    MetadataEndpoint metadata = new MetadataEndpoint(apps, directory, signingKey, clock);
    GraphEndpoint graph = new GraphEndpoint(directory, bearer, clock);

    router.add(List.of("odc.officeapps.live.com"), metadata.federationProvider());
    router.add(
        List.of("enterpriseregistration.windows.net"),
        new DeviceEndpoint(directory, bearer, certificates, settings, clock).routes());
    router.add(
        List.of("enterpriseregistration.windows.net"),
        new DrsEndpoint(directory, bearer, nonces, clock).routes());
    router.add(
        LOGIN_HOSTS,
        List.of(
            Route.of(
                "POST",
                "/{tenant}/kerberos",
                new KdcProxy(settings)::answer,
                (request, refusal) -> Reply.text(400, "refused"))));
    router.add(List.of("graph.microsoft.com"), graph.routes());
    router.add(
        List.of("graph.microsoft.com"),
        new ApplicationsEndpoint(directory, bearer, clock).routes());
    router.add(List.of("graph.microsoft.com"), graph.functionRoutes());
    router.add(List.of("microsoft.com", "www.microsoft.com"), deviceCode.shortAddress());
    router.add(
        LOGIN_HOSTS,
        new AuthorizeEndpoint(
                apps, directory, flows, pages, signIn, verifier, policy, nonces, sessions)
            .routes());
    router.add(LOGIN_HOSTS, new SignOutEndpoint(sessions, pages).routes());
    router.add(
        List.of("myapps.microsoft.com"), new ProtectedApp(grants, policy, pages, clock).routes());
    router.add(
        LOGIN_HOSTS,
        new CredentialTypeEndpoint(flows, directory, credentials, remoteNgc, clock).routes());
    router.add(
        LOGIN_HOSTS,
        new LoginEndpoint(flows, pages, signIn, credentials, remoteNgc, directory, settings, clock)
            .routes());
    SasEndpoint sas = new SasEndpoint(flows, phone, credentials, signIn, clock);
    router.add(LOGIN_HOSTS, sas.routes());
    router.add(LOGIN_HOSTS, new SecondFactorPages(flows, sas, signIn, pages).routes());
    SecurityInfoEndpoint securityInfo = new SecurityInfoEndpoint(flows, directory, pages);
    router.add(LOGIN_HOSTS, securityInfo.routes());
    router.add(List.of("mysignins.microsoft.com"), securityInfo.page());
    router.add(List.of("aka.ms"), securityInfo.shortAddress());
    router.add(
        LOGIN_HOSTS,
        new MethodSetupEndpoint(flows, phone, credentials, directory, pages, signIn, clock)
            .routes());
    router.add(LOGIN_HOSTS, remoteNgc.routes());
    router.add(LOGIN_HOSTS, new FidoEndpoint(flows, pages, credentials, directory).routes());
    router.add(
        LOGIN_HOSTS,
        new SsprEndpoint(flows, credentials, signIn, pages, directory, clock).routes());
    router.add(LOGIN_HOSTS, new TokenEndpoint(users, appGrants, prts, nonces, clock).routes());
    router.add(LOGIN_HOSTS, deviceCode.routes());
    router.add(LOGIN_HOSTS, metadata.routes());
  }

  /** RSA keys take a while to make; nobody waits for them before they are needed. */
  private static <T> Supplier<T> later(java.util.function.Function<KeyPair, T> made) {
    CompletableFuture<T> future =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                return made.apply(generator.generateKeyPair());
              } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> Thread.ofPlatform().daemon().name("keys").start(task));
    return future::join;
  }

  public TenantClock clock() {
    return clock;
  }

  public Settings settings() {
    return settings;
  }

  public Directory directory() {
    return directory;
  }

  public Faults faults() {
    return faults;
  }

  public RequestLog log() {
    return log;
  }

  public Credentials credentials() {
    return credentials;
  }

  public Phone phone() {
    return phone;
  }

  public DeviceCodes deviceCodes() {
    return deviceCodes;
  }

  public Router router() {
    return router;
  }
}
