package himmelblau.domain.entra.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.http.Http;
import himmelblau.api.http.HttpReply;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.token.Prt;
import himmelblau.domain.entra.internal.token.TokenSubject;
import himmelblau.testing.doubles.MemoryKey;
import himmelblau.testing.tenant.web.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sign-ins that must fail, and must leave nothing behind. */
@NullUnmarked
class RefusalTest {
  private static final String LOGIN = "login.microsoftonline.com";

  @TempDir Path folder;
  private EntraFixture lab;
  private EntraDomain domain;

  @BeforeEach
  void start() throws Exception {
    lab = new EntraFixture(folder);
    domain = lab.domain();
  }

  @AfterEach
  void stop() throws Exception {
    lab.close();
  }

  @Test
  void aBrokenDirectoryDecidesNothing() throws Exception {
    assertTrue(
        lab.domain().find(EntraFixture.USER).isPresent(), "of another, which keeps its page");
    String page = "/*/oauth2/authorize";
    lab.fault(LOGIN, page, Fault.Kind.STATUS, 500);
    assertEquals(
        Kind.TEMPORARY, EntraFixture.unavailable(() -> domain.find(EntraFixture.USER)).kind());
    lab.fault(LOGIN, page, Fault.Kind.STATUS, 429);
    assertEquals(
        Kind.TEMPORARY, EntraFixture.unavailable(() -> domain.find(EntraFixture.USER)).kind());
    lab.fault(LOGIN, page, Fault.Kind.RESET, 0);
    assertEquals(
        Kind.NETWORK, EntraFixture.unavailable(() -> domain.find(EntraFixture.USER)).kind());
    lab.fault(LOGIN, page, Fault.Kind.HUGE, 0);
    assertEquals(
        Kind.PROTOCOL, EntraFixture.unavailable(() -> domain.find(EntraFixture.USER)).kind());
    lab.fault(LOGIN, "/*/GetCredentialType*", Fault.Kind.MALFORMED, 0);
    assertEquals(
        Kind.PROTOCOL, EntraFixture.unavailable(() -> domain.find(EntraFixture.USER)).kind());
    EntraDomain impatient = lab.impatient();
    lab.fault("odc.officeapps.live.com", "*", Fault.Kind.STATUS, 500);
    lab.fault(LOGIN, page, Fault.Kind.STALL, 30);
    assertEquals(
        Kind.NETWORK, EntraFixture.unavailable(() -> impatient.find(EntraFixture.USER)).kind());
    assertTrue(domain.find(EntraFixture.USER).isPresent());
  }

  @Test
  void aDirectoryThatAnswersWithErrorsIsReached() throws Exception {
    lab.fault(LOGIN, "*", Fault.Kind.STATUS, 500);
    assertTrue(domain.reachable());
  }

  @Test
  void anUnreachableDirectoryIsTold() throws Exception {
    Session session = lab.signIn(domain);
    lab.stop();
    assertFalse(domain.reachable());
    assertTrue(domain.joined());
    assertEquals(
        Kind.NETWORK,
        EntraFixture.unavailable(() -> domain.begin(EntraFixture.USER, EntraFixture.FORCED))
            .kind());
    Secret renewal = session.renewal().orElseThrow();
    assertTrue(domain.renewalAlive(renewal));
    assertEquals(
        Kind.NETWORK,
        EntraFixture.unavailable(() -> domain.renew(EntraFixture.USER, renewal)).kind());
    EntraDomain restarted = lab.domain();
    assertEquals(domain.tenantId(), restarted.tenantId(), "remembered");
    lab.start();
    domain.renew(EntraFixture.USER, renewal).close();
  }

  @Test
  void aStallEndsWithTheConversation() throws Exception {
    domain.find(EntraFixture.USER);
    lab.fault(LOGIN, "/*/oauth2/authorize", Fault.Kind.STALL, 120);
    FutureTask<Object> task =
        new FutureTask<>(() -> domain.begin(EntraFixture.USER, EntraFixture.FORCED));
    Thread thread = Thread.ofVirtual().start(task);
    while (lab.tenant.faults().list().size() > 0) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    ExecutionException e = Assertions.assertThrows(ExecutionException.class, task::get);
    assertInstanceOf(DomainUnavailable.class, e.getCause());
  }

  /** Otherwise a sign-in would continue as on a new host, and ask for the password. */
  @Test
  void aHostWhoseKeysDoNotOpenIsStillJoined() throws Exception {
    lab.vault.unreadable = true;
    assertFalse(domain.joined());
    lab.vault.unreadable = false;
    lab.signIn(domain).close();
    lab.vault.unreadable = true;
    EntraDomain restarted = lab.domain();
    assertTrue(restarted.joined());
    lab.vault.unreadable = false;
    assertTrue(restarted.joined());
  }

  @Test
  void aJoinThatFailsLeavesNothing() throws Exception {
    String drs = "enterpriseregistration.windows.net";
    lab.fault(drs, "/EnrollmentServer/device/*", Fault.Kind.STATUS, 503);
    Assertions.assertThrows(DomainUnavailable.class, () -> lab.signIn(domain));
    assertFalse(domain.joined());
    lab.fault(drs, "/EnrollmentServer/device/*", Fault.Kind.MALFORMED, 0);
    Assertions.assertThrows(DomainUnavailable.class, () -> lab.signIn(domain));
    assertFalse(domain.joined());
    lab.vault.failing = true;
    SignInRefused hardware = Assertions.assertThrows(SignInRefused.class, () -> lab.signIn(domain));
    assertEquals("Authentication failed: Security hardware error.", hardware.text());
    lab.vault.failing = false;
    assertFalse(domain.joined());
    assertTrue(lab.vault.names("entra/" + EntraFixture.DOMAIN + "/device").isEmpty());
    lab.signIn(domain).close();
    assertTrue(domain.joined());
  }

  @Test
  void aDeviceThatIsNotKnownEverywhereYetIsTriedAgain() throws Exception {
    lab.tenant.settings().set("device-unknown-count", "2");
    lab.signIn(domain).close();
    assertTrue(domain.joined());
  }

  @Test
  void aDeviceThatWasRemovedIsForgotten() throws Exception {
    Session session = lab.signIn(domain);
    lab.tenant.directory().devices().forEach(device -> lab.tenant.directory().remove(device));
    SignInRefused refused =
        EntraFixture.refused(
            () -> domain.renew(EntraFixture.USER, session.renewal().orElseThrow()));
    assertEquals(Reason.DEVICE_REMOVED, refused.reason());
    assertTrue(refused.text().startsWith("Device has been removed from the domain."));
    assertFalse(domain.joined());
    lab.signIn(domain).close();
    assertTrue(domain.joined(), "the next sign-in joins again");
    assertEquals(
        Reason.RENEWAL_DEAD,
        EntraFixture.refused(() -> domain.renew(EntraFixture.USER, session.renewal().orElseThrow()))
            .reason(),
        "a token of the old device is worth nothing");
  }

  /** As if the discovery service said something else of the domain. */
  private EntraDomain elsewhere(EntraSettings settings) {
    String tenant = "\"tenantId\":\"11111111-2222-3333-4444-555555555555\"";
    Http http =
        call -> {
          HttpReply reply = lab.http().send(call);
          return call.uri().getHost().startsWith("odc.")
              ? new HttpReply(
                  reply.status(),
                  reply.headers(),
                  reply
                      .text()
                      .replaceAll("\"tenantId\"\\s*:\\s*\"[^\"]*\"", tenant)
                      .getBytes(UTF_8))
              : reply;
        };
    return lab.domain(settings, lab.tokens(), http);
  }

  @Test
  void aDomainThatMovesToAnotherTenantIsNotFollowedAfterTheJoin() throws Exception {
    Session session = lab.signIn(domain);
    EntraDomain moved = elsewhere(EntraSettings.of(EntraFixture.DOMAIN));
    moved.renew(EntraFixture.USER, session.renewal().orElseThrow()).close();
    assertEquals(domain.tenantId(), moved.tenantId());
    assertTrue(
        moved.findings().toString().contains("11111111-2222-3333-4444-555555555555"),
        moved.findings().toString());
    assertEquals(java.util.List.of(), domain.findings());
  }

  @Test
  void aHostThatIsNotJoinedGoesWhereTheDomainIs() throws Exception {
    EntraDomain moved = elsewhere(EntraSettings.of(EntraFixture.DOMAIN));
    Assertions.assertThrows(Exception.class, () -> lab.signIn(moved));
    assertEquals(java.util.Optional.of("11111111-2222-3333-4444-555555555555"), moved.tenantId());
  }

  private void enable(boolean enabled) {
    List.copyOf(lab.tenant.directory().devices())
        .forEach(device -> lab.tenant.directory().put(device.withEnabled(enabled)));
  }

  @Test
  void aDeviceThatWasDisabledStaysJoinedAndIsGoodAgainWhenEnabled() throws Exception {
    Session session = lab.signIn(domain);
    Secret renewal = session.renewal().orElseThrow();
    assertTrue(domain.opensOffline());
    enable(false);
    SignInRefused refused = EntraFixture.refused(() -> domain.renew(EntraFixture.USER, renewal));
    assertEquals(Reason.DEVICE_DISABLED, refused.reason());
    assertEquals(
        "This computer was disabled in the directory. Please contact your administrator.",
        refused.text());
    assertEquals(Reason.DEVICE_DISABLED, EntraFixture.refused(() -> lab.signIn(domain)).reason());
    assertTrue(domain.joined());
    assertFalse(domain.opensOffline());
    assertEquals(1, lab.tenant.directory().devices().size(), "nothing was joined");
    enable(true);
    domain.renew(EntraFixture.USER, renewal).close();
    assertTrue(domain.opensOffline());
  }

  @Test
  void aTokenThatWasRevokedOrChangedIsDead() throws Exception {
    Session session = lab.signIn(domain);
    Secret renewal = session.renewal().orElseThrow();
    byte[] bytes = renewal.copyBytes();
    bytes[bytes.length - 1] ^= 1; // the session key is its last part
    SignInRefused changed =
        EntraFixture.refused(() -> domain.renew(EntraFixture.USER, Secret.taking(bytes)));
    assertEquals(Reason.RENEWAL_DEAD, changed.reason());
    assertEquals(Optional.of("AADSTS140001"), changed.code());
    assertEquals(
        Reason.RENEWAL_DEAD,
        EntraFixture.refused(() -> domain.renew(EntraFixture.USER, Secret.ofText("rubbish")))
            .reason());
    assertFalse(domain.renewalAlive(Secret.ofText("rubbish")));
    lab.tenant.directory().put(lab.user().withTokensValidFrom(Instant.now().plusSeconds(60)));
    assertEquals(
        Reason.RENEWAL_DEAD,
        EntraFixture.refused(() -> domain.renew(EntraFixture.USER, renewal)).reason());
    try (Prt prt = Prt.of(renewal).orElseThrow()) {
      assertTrue(prt.expires().isAfter(Instant.now().plus(Duration.ofDays(13))));
    }
  }

  @Test
  void aTokenThatIsTooOldIsDead() throws Exception {
    Session session = lab.signIn(domain);
    lab.tenant.clock().skew(Duration.ofDays(15));
    SignInRefused refused =
        EntraFixture.refused(
            () -> domain.renew(EntraFixture.USER, session.renewal().orElseThrow()));
    assertEquals(Reason.RENEWAL_DEAD, refused.reason());
    assertEquals("Your session has expired. Please sign in again.", refused.text());
  }

  @Test
  void aRenewalIsAliveUntilItsTokenExpires() throws Exception {
    Secret renewal = lab.signIn(domain).renewal().orElseThrow();
    lab.clock.pass(Duration.ofDays(13));
    assertTrue(domain.renewalAlive(renewal));
    lab.clock.pass(Duration.ofDays(2));
    assertFalse(domain.renewalAlive(renewal), "offline it would be good for ever");
  }

  /** The name is the same; an account that was deleted and created again has another object id. */
  @Test
  void aTokenOfAnotherAccountOfTheSameNameIsRefused() throws Exception {
    Session session = lab.signIn(domain);
    try (Prt prt = Prt.of(session.renewal().orElseThrow()).orElseThrow()) {
      TokenSubject own = prt.identity();
      TokenSubject before =
          new TokenSubject(UUID.randomUUID(), own.tenantId(), own.name(), own.displayName());
      SignInRefused refused =
          EntraFixture.refused(
              () -> domain.renew(EntraFixture.USER, kept(prt, before, prt.device())));
      assertEquals(Reason.OTHER_ACCOUNT, refused.reason());
      domain.renew(EntraFixture.USER, kept(prt, own, prt.device())).close();
    }
  }

  @Test
  void aTokenFromBeforeTheHostJoinedAgainIsDead() throws Exception {
    Session session = lab.signIn(domain);
    try (Prt prt = Prt.of(session.renewal().orElseThrow()).orElseThrow()) {
      int before = lab.tenant.log().all().size();
      SignInRefused refused =
          EntraFixture.refused(
              () -> domain.renew(EntraFixture.USER, kept(prt, prt.identity(), UUID.randomUUID())));
      assertEquals(Reason.RENEWAL_DEAD, refused.reason());
      assertEquals(before, lab.tenant.log().all().size(), "it is not sent");
    }
  }

  private static Secret kept(Prt prt, TokenSubject identity, UUID device) {
    return new Prt(
            prt.token(),
            prt.key(),
            prt.expires(),
            identity,
            prt.multiFactor(),
            device,
            Optional.empty())
        .toRenewal();
  }

  @Test
  void aRejectedNonceIsFetchedAgain() throws Exception {
    Session session = lab.signIn(domain);
    lab.fault(LOGIN, "/*/oauth2/authorize", Fault.Kind.AADSTS, 140000);
    try (Session renewed = domain.renew(EntraFixture.USER, session.renewal().orElseThrow())) {
      assertTrue(renewed.groups().isPresent());
    }
  }

  @Test
  void aTokenOfAnotherUserIsRefused() throws Exception {
    Session session = lab.signIn(domain);
    AccountName other = AccountName.parse("user01@" + EntraFixture.DOMAIN).orElseThrow();
    SignInRefused refused =
        EntraFixture.refused(() -> domain.renew(other, session.renewal().orElseThrow()));
    assertEquals(Reason.OTHER_ACCOUNT, refused.reason());
    assertEquals(
        "Authenticated user " + EntraFixture.USER + " does not match requested user",
        refused.text());
    MemoryKey hello = MemoryKey.made(0);
    domain.registerHello(session, hello);
    assertEquals(
        Reason.RENEWAL_DEAD,
        EntraFixture.refused(() -> domain.signInWithHello(other, hello)).reason());
  }

  @Test
  void anUnregisteredHelloKeyOpensNothing() throws Exception {
    lab.signIn(domain).close();
    SignInRefused refused =
        EntraFixture.refused(() -> domain.signInWithHello(EntraFixture.USER, MemoryKey.made(5)));
    assertEquals(Reason.RENEWAL_DEAD, refused.reason());
    domain.leave();
    domain.leave();
    assertFalse(domain.joined());
    assertEquals(
        Reason.RENEWAL_DEAD,
        EntraFixture.refused(() -> domain.signInWithHello(EntraFixture.USER, MemoryKey.made(5)))
            .reason());
  }

  @Test
  void aDisabledAccountIsRefused() throws Exception {
    Session session = lab.signIn(domain);
    lab.tenant.directory().put(lab.user().withEnabled(false));
    assertEquals(
        Reason.ACCOUNT_DISABLED,
        EntraFixture.refused(() -> domain.renew(EntraFixture.USER, session.renewal().orElseThrow()))
            .reason());
  }

  @Test
  void aLockedAccountDoesNotEndItsRenewal() throws Exception {
    Session session = lab.signIn(domain);
    lab.tenant
        .faults()
        .add(
            new Fault("login.microsoftonline.com", "*/token", "*", Fault.Kind.AADSTS, 50053, 0), 1);
    assertEquals(
        Reason.ACCOUNT_LOCKED,
        EntraFixture.refused(() -> domain.renew(EntraFixture.USER, session.renewal().orElseThrow()))
            .reason(),
        "anybody can lock an account");
    domain.renew(EntraFixture.USER, session.renewal().orElseThrow()).close();
  }

  @Test
  void graphMayBeSilent() throws Exception {
    Session session = lab.signIn(domain);
    tenant500("/v1.0/me/transitiveMemberOf");
    try (Session renewed = domain.renew(EntraFixture.USER, session.renewal().orElseThrow())) {
      assertEquals(Optional.empty(), renewed.groups());
      assertEquals(session.user(), renewed.user());
    }
    tenant500("/v1.0/me*");
    try (Session renewed = domain.renew(EntraFixture.USER, session.renewal().orElseThrow())) {
      assertEquals(session.user().objectId(), renewed.user().objectId());
    }
  }

  private void tenant500(String path) {
    lab.tenant
        .faults()
        .add(new Fault("graph.microsoft.com", path, "*", Fault.Kind.STATUS, 500, 0), 2);
  }

  @Test
  void brokenDeviceKeysAreReportedAndKept() throws Exception {
    Session session = lab.signIn(domain);
    lab.machine.broken = true;
    assertEquals(
        "Authentication failed: Security hardware error.",
        EntraFixture.refused(() -> domain.renew(EntraFixture.USER, session.renewal().orElseThrow()))
            .text());
    lab.machine.broken = false;
    domain.renew(EntraFixture.USER, session.renewal().orElseThrow()).close();
  }

  @Test
  void onlyMethodsThatArePresentAreOffered() throws Exception {
    SignInPolicy nothing = new SignInPolicy(true, OtherBrowser.WHERE_NEEDED, Set.of(), true);
    SignIn signIn = domain.begin(EntraFixture.USER, nothing);
    SignInRefused refused = EntraFixture.refused(() -> signIn.password(EntraFixture.password()));
    assertEquals(Reason.NOT_SUPPORTED, refused.reason());
    SignInPolicy elsewhere =
        new SignInPolicy(true, OtherBrowser.WHERE_NEEDED, Set.of("DeviceCode"), true);
    SignIn other = domain.begin(EntraFixture.USER, elsewhere);
    Step step = other.password(EntraFixture.password());
    Challenge challenge = other.challenge(EntraFixture.offer(step, "DeviceCode"));
    assertTrue(challenge.begin().device().isPresent());
    assertEquals(Challenge.Progress.PENDING, challenge.poll());
  }

  @Test
  void aStateOfTheWrongOrderIsAMistakeOfTheCaller() throws Exception {
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    Assertions.assertThrows(
        IllegalStateException.class,
        () -> signIn.changePassword(EntraFixture.password(), EntraFixture.password()));
    signIn.close();
    Assertions.assertThrows(
        IllegalStateException.class, () -> signIn.password(EntraFixture.password()));
  }
}
