package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.AccountStatus;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.UserWithGroups;
import himmelblau.domain.entra.internal.client.AppTokens;
import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.directory.AppRoles;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.web.Fault;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookups of users who never signed in, with a credential of the host's own. */
@NullUnmarked
class ConfidentialClientTest {
  private static final Fault.Kind STATUS = Fault.Kind.STATUS;
  private static final UUID DATENGRUPPE = UUID.fromString("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6");

  private static EntraFixture lab;
  private static int tests;

  private ConfidentialClientFixture client;
  private AppTokens tokens;
  private EntraDomain domain;
  private User ada;
  private AccountName name;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    lab = new EntraFixture(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    lab.close();
  }

  /** Each test has a user of its own, and a tenant that knows no application. */
  @BeforeEach
  void begin() {
    client = new ConfidentialClientFixture(lab);
    client.forget();
    lab.tenant.faults().clear();
    lab.tenant.clock().skew(Duration.ZERO);
    lab.clock.reset();
    lab.tenant.log().clear();
    tokens = lab.tokens();
    tokens.watch(() -> {});
    domain = lab.domain(EntraSettings.of(EntraFixture.DOMAIN), tokens);
    ada = client.user("ada" + ++tests, Map.of("uidNumber", "4711", "loginShell", "/bin/zsh"));
    name = AccountName.parse(ada.upn()).orElseThrow();
  }

  private UserWithGroups findWithGroups() throws Exception {
    return domain.findWithGroups(name).orElseThrow();
  }

  private void assertProvisional() throws Exception {
    assertEquals(
        Optional.of(new UserWithGroups(DirectoryUser.provisional(name), Optional.empty())),
        domain.findWithGroups(name));
  }

  private void assertFull() throws Exception {
    assertEquals(Optional.of(ada.id()), findWithGroups().user().objectId());
  }

  private String trouble() {
    return String.join("\n", tokens.troubles());
  }

  @Test
  void withoutACredentialItIsKnownThatTheAccountExists() throws Exception {
    assertProvisional();
    assertEquals(Optional.empty(), domain.group(DATENGRUPPE));
    assertEquals(0, client.tokensAsked());
    assertEquals(List.of(), client.asked("graph"));
    assertEquals(List.of(), tokens.troubles());
    DomainUnavailable why = EntraFixture.unavailable(() -> list(new ArrayList<>()));
    assertTrue(why.getMessage().contains("aad-tool cred cert"), why.getMessage());
  }

  @Test
  void aCertificateReadsUsersAndTheirGroups() throws Exception {
    client.works();
    var inner = client.group("inner", "group", Map.of(), ada.id());
    var outer = client.group("outer", "group", Map.of(), inner.id());
    var role = client.group("Global Reader", "directoryRole", Map.of(), ada.id());
    var unit = client.group("Unit", "administrativeUnit", Map.of(), ada.id());
    var nameless = client.group("", "group", Map.of(), ada.id());
    client.group("no membership", "device", Map.of(), ada.id());

    UserWithGroups profile = findWithGroups();
    assertEquals(Optional.of(ada.id()), profile.user().objectId());
    assertEquals(Optional.of(ada.tenant().toString()), profile.user().tenantId());
    assertEquals(ada.name(), profile.user().displayName());
    assertEquals(PosixAttributes.NONE, profile.user().posix(), "not asked for");
    Map<UUID, String> groups =
        profile.groups().orElseThrow().stream()
            .collect(Collectors.toMap(Group::objectId, Group::displayName));
    assertEquals(
        Map.of(
            inner.id(), "inner",
            outer.id(), "outer",
            role.id(), "Global Reader",
            unit.id(), "Unit",
            nameless.id(), ""),
        groups);
    assertEquals(profile.user(), domain.find(name).orElseThrow());
    assertEquals("datengruppe", domain.group(DATENGRUPPE).orElseThrow().displayName());
    assertEquals(Optional.empty(), domain.group(UUID.randomUUID()));
    assertEquals(
        Optional.empty(),
        domain.findWithGroups(AccountName.parse("no@" + EntraFixture.DOMAIN).get()));
    assertEquals(1, client.tokensAsked());
    assertEquals("", trouble());
  }

  @Test
  void rfc2307AttributesComeAlong() throws Exception {
    client.works();
    var group = client.group("posix", "group", Map.of("gidNumber", "815"), ada.id());
    domain = lab.domain(EntraFixture.settings(true, true, false, Optional.empty()), tokens);
    UserWithGroups profile = findWithGroups();
    assertEquals(OptionalLong.of(4711), profile.user().posix().uidNumber());
    assertEquals(Optional.of("/bin/zsh"), profile.user().posix().loginShell());
    assertEquals(OptionalLong.of(815), profile.groups().orElseThrow().get(0).gidNumber());
    assertEquals(OptionalLong.of(815), domain.group(group.id()).orElseThrow().gidNumber());
  }

  @Test
  void aSecretDoesToo() throws Exception {
    client.register(List.of(), List.of(new App.Secret("s3cret", Instant.MAX)), AppRoles.DEFAULT);
    client.keepSecret("s3cret");
    assertFull();
    assertEquals("", trouble());
  }

  @Test
  void theCertificateIsPreferredAndTheSecretIsTheFallback() throws Exception {
    X509Certificate certificate = client.makeCertificate(Duration.ofDays(365));
    client.keepSecret("s3cret");
    List<App.Secret> secret = List.of(new App.Secret("s3cret", Instant.MAX));
    client.register(List.of(certificate), List.of(), AppRoles.DEFAULT);
    assertFull();
    assertEquals("", trouble());
    client.register(List.of(), secret, AppRoles.DEFAULT);
    client.makeCertificate(Duration.ofDays(365)); // changed, but not uploaded
    assertFull();
    assertTrue(trouble().contains("does not accept the certificate"), trouble());
  }

  @Test
  void manyQuestionsAtOnceFetchOneToken() throws Exception {
    client.works();
    lab.tenant.faults().add(new Fault("*", "*/token", "*", Fault.Kind.DELAY, 0.3, 0), 1);
    List<Thread> threads = new ArrayList<>();
    BlockingQueue<Optional<UUID>> found = new LinkedBlockingQueue<>();
    for (int i = 0; i < 16; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      found.add(domain.find(name).orElseThrow().objectId());
                    } catch (DomainUnavailable e) {
                      found.add(Optional.empty());
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(Set.of(Optional.of(ada.id())), Set.copyOf(found));
    assertEquals(16, found.size());
    assertEquals(1, client.tokensAsked());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foreign, upload the file, 700027",
        "expired, has expired, 700027",
        "late, correct the clock, 700024",
        "unknown, check the client id, 700016",
        "wrong, is wrong, 7000215",
        "old, create a new one, 7000222"
      })
  void aRefusedCredentialIsReportedAndLookupsGoOn(String line) throws Exception {
    String[] parts = line.split(", ");
    refuse(parts[0]);
    assertProvisional();
    assertProvisional();
    assertTrue(trouble().contains(parts[1]), trouble());
    assertTrue(trouble().contains("AADSTS" + parts[2]), trouble());
    assertTrue(trouble().contains(ConfidentialClientFixture.ID.toString()), trouble());
    assertEquals(1, client.tokensAsked(), "a refusal is not asked for again at once");
    DomainUnavailable why = EntraFixture.unavailable(() -> list(new ArrayList<>()));
    assertTrue(why.getMessage().contains(parts[1]), why.getMessage());
    assertEquals(2, client.tokensAsked(), "an operator's command is");
    assertEquals(List.of(), client.asked("graph"));
  }

  private void refuse(String how) throws Exception {
    List<App.Secret> secrets =
        List.of(new App.Secret("right", Instant.MAX), new App.Secret("old", Instant.EPOCH));
    switch (how) {
      case "foreign" -> {
        X509Certificate other = client.makeCertificate(Duration.ofDays(9));
        client.makeCertificate(Duration.ofDays(365));
        client.register(List.of(other), secrets, AppRoles.DEFAULT);
      }
      case "expired" ->
          client.register(
              List.of(client.makeCertificate(Duration.ofDays(-1))), secrets, AppRoles.DEFAULT);
      case "late" -> {
        client.works();
        lab.tenant.clock().skew(Duration.ofHours(1));
      }
      case "unknown" -> client.makeCertificate(Duration.ofDays(365));
      default -> {
        client.register(List.of(), secrets, AppRoles.DEFAULT);
        client.keepSecret(how);
      }
    }
  }

  @Test
  void whatIsUploadedLaterIsAcceptedAfterAPause() throws Exception {
    X509Certificate certificate = client.makeCertificate(Duration.ofDays(365));
    client.register(List.of(), List.of(), AppRoles.DEFAULT);
    assertProvisional();
    client.register(List.of(certificate), List.of(), AppRoles.DEFAULT);
    lab.clock.pass(Duration.ofSeconds(61));
    assertFull();
    assertEquals("", trouble());
  }

  @Test
  void aChangedCredentialIsTakenAtOnce() throws Exception {
    BlockingQueue<Boolean> present = new LinkedBlockingQueue<>();
    try (var follower = new CredentialFollower(domain, tokens, present::add).start()) {
      assertFalse(present.poll(5, TimeUnit.SECONDS));
      assertProvisional();
      client.works();
      assertFull();
      assertTrue(awaited(present));
      client.deleteAll();
      assertProvisional();
      client.keepSecret("wrong");
      // Tried without anybody asking, so that the operator sees it.
      for (int i = 0; i < 100 && tokens.troubles().isEmpty(); i++) {
        Thread.sleep(50);
      }
      assertTrue(trouble().contains("is wrong"), trouble());
      // An operator who has put it right, and looks.
      client.register(List.of(), List.of(new App.Secret("wrong", Instant.MAX)), AppRoles.DEFAULT);
      lab.clock.pass(Duration.ofSeconds(11));
      follower.tryAgain();
      for (int i = 0; i < 100 && !tokens.troubles().isEmpty(); i++) {
        Thread.sleep(50);
      }
      assertEquals("", trouble());
    }
  }

  private static boolean awaited(BlockingQueue<Boolean> present) throws InterruptedException {
    for (Boolean now = present.poll(5, TimeUnit.SECONDS); now != null; ) {
      if (now) {
        return true;
      }
      now = present.poll(5, TimeUnit.SECONDS);
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDisabledAccountIsFoundAndCalledDisabled(boolean posix) throws Exception {
    client.works();
    domain = lab.domain(EntraFixture.settings(posix, true, false, Optional.empty()), tokens);
    assertEquals(AccountStatus.ENABLED, findWithGroups().status());
    lab.tenant.directory().put(ada.withEnabled(false));
    assertEquals(AccountStatus.DISABLED, findWithGroups().status());
    assertFull();
    lab.tenant.directory().put(ada);
    assertEquals(AccountStatus.ENABLED, findWithGroups().status());
  }

  @Test
  void anApplicationThatMayNotReadWhetherAccountsAreEnabledStillReadsThem() throws Exception {
    client.works();
    lab.tenant.directory().put(ada.withEnabled(false));
    lab.fault("graph.*", "/v1.0/users/*", Fault.Kind.STATUS, 403);
    UserWithGroups found = findWithGroups();
    assertEquals(Optional.of(ada.id()), found.user().objectId());
    assertTrue(found.groups().isPresent());
    assertEquals(AccountStatus.NOT_SAID, found.status());
    assertEquals("", trouble());
  }

  @Test
  void aLookupThatGraphDoesNotAnswerSaysNothingOfTheAccount() throws Exception {
    client.works();
    lab.tenant.directory().put(ada.withEnabled(false));
    assertFull();
    lab.tenant.faults().add(new Fault("graph.*", "*", "*", Fault.Kind.STATUS, 404, 0), 1);
    assertEquals(AccountStatus.NOT_SAID, findWithGroups().status());
  }

  @Test
  void anApplicationThatMayReadUsersOnlyLeavesGroupsAsTheyAre() throws Exception {
    client.register(
        List.of(client.makeCertificate(Duration.ofDays(365))), List.of(), List.of("User.Read.All"));
    assertEquals(Optional.of(ada.id()), findWithGroups().user().objectId());
    assertEquals(Optional.empty(), findWithGroups().groups());
    assertTrue(trouble().contains("Group.Read.All"), trouble());
    assertFalse(trouble().contains("User.Read.All"), trouble());
    for (int i = 0; i < 1000; i++) {
      client.user("many" + i, Map.of());
    }
    list(new ArrayList<>());
    assertEquals(2, client.tokensAsked(), "at the start, in case it was put right; not by page");
    DomainUnavailable why = EntraFixture.unavailable(this::listGroups);
    assertTrue(why.getMessage().contains("Group.Read.All"), why.getMessage());
  }

  @Test
  void anApplicationThatMayReadNothingIsReported() throws Exception {
    client.register(List.of(client.makeCertificate(Duration.ofDays(365))), List.of(), List.of());
    assertProvisional();
    assertTrue(trouble().contains("User.Read.All"), trouble());
    assertEquals(List.of(), client.asked("graph"));
  }

  @Test
  void permissionsAreDecidedByGraph() throws Exception {
    client.works();
    lab.tenant
        .faults()
        .add(new Fault("graph.microsoft.com", "/v1.0/users/*", "*", STATUS, 403, 0), 2);
    assertProvisional();
    assertTrue(trouble().contains("may not read users"), trouble());
    assertProvisional();
    assertEquals(2, client.asked("graph").size(), "also without accountEnabled, then no more");
    lab.clock.pass(Duration.ofMinutes(15));
    assertFull();
    assertEquals("", trouble());
  }

  @Test
  void aTokenIsUsedUntilShortlyBeforeItsEnd() throws Exception {
    client.works();
    assertFull();
    lab.clock.pass(Duration.ofMinutes(70));
    assertFull();
    assertEquals(1, client.tokensAsked());
    lab.clock.pass(Duration.ofMinutes(5));
    assertFull();
    assertEquals(2, client.tokensAsked());
  }

  @Test
  void aClockThatIsSetBackLetsNoTokenLiveLonger() throws Exception {
    clocksPass(Duration.ofHours(12));
    client.works();
    assertFull();
    clocksPass(Duration.ofHours(-12));
    assertFull();
    assertEquals(2, client.tokensAsked());
  }

  @Test
  void aClockThatIsSetBackEndsThePauseAfterARefusal() throws Exception {
    clocksPass(Duration.ofHours(12));
    client.works();
    lab.machine.broken = true;
    assertProvisional();
    lab.machine.broken = false;
    clocksPass(Duration.ofHours(-12));
    assertFull();
  }

  /** This host's and the tenant's, which must agree for tokens. */
  private void clocksPass(Duration time) {
    lab.clock.pass(time);
    lab.tenant.clock().skew(lab.clock.ahead());
  }

  @Test
  void aCertificateThatEndsSoonIsAnnounced() throws Exception {
    client.register(
        List.of(client.makeCertificate(Duration.ofDays(10))), List.of(), AppRoles.DEFAULT);
    assertFull();
    assertTrue(trouble().contains("expires on"), trouble());
  }

  @Test
  void aKeyStoreThatCannotWorkIsReported() throws Exception {
    client.works();
    lab.machine.broken = true;
    assertProvisional();
    assertTrue(trouble().contains("in lockout"), trouble());
    lab.machine.broken = false;
    lab.clock.pass(Duration.ofSeconds(61));
    assertFull();
    assertEquals("", trouble());
  }

  @Test
  void aTokenThatGraphRejectsIsReplacedOnce() throws Exception {
    client.works();
    assertFull();
    lab.clock.pass(Duration.ofSeconds(61));
    lab.fault("graph.microsoft.com", "/v1.0/users/*", STATUS, 401);
    assertFull();
    assertEquals(2, client.tokensAsked());
  }

  @Test
  void aBusyGraphIsLeftAloneAndLookupsGoOn() throws Exception {
    client.works();
    long begun = System.nanoTime();
    assertFull();
    long reference = System.nanoTime() - begun;
    lab.tenant.faults().add(new Fault("graph.microsoft.com", "*", "*", STATUS, 429, 60), 1);
    long before = System.nanoTime();
    assertProvisional();
    assertProvisional();
    long took = System.nanoTime() - before;
    assertTrue(
        took < Duration.ofSeconds(20).toNanos() + 5 * reference,
        "nobody waits for Graph: " + took + " ns, a whole lookup " + reference + " ns");
    long asked = client.asked("graph").size();
    assertEquals(3, asked, "user and groups, then one 429");
    lab.clock.pass(Duration.ofSeconds(91));
    assertFull();
  }

  @Test
  void aShortPauseIsWaitedFor() throws Exception {
    client.works();
    lab.tenant.faults().add(new Fault("graph.microsoft.com", "*", "*", STATUS, 503, 0), 2);
    assertFull();
  }

  @Test
  void withRfc2307ABusyGraphMeansLaterNotAnotherId() throws Exception {
    client.works();
    domain = lab.domain(EntraFixture.settings(true, true, false, Optional.empty()), tokens);
    lab.tenant.faults().add(new Fault("graph.microsoft.com", "*", "*", STATUS, 429, 60), 1);
    assertEquals(
        DomainUnavailable.Kind.TEMPORARY,
        EntraFixture.unavailable(() -> domain.findWithGroups(name)).kind());
  }

  @Test
  void fiveThousandMembershipsArePaged() throws Exception {
    client.works();
    for (int i = 0; i < 5000; i++) {
      client.group("bulk" + i, "group", Map.of(), ada.id());
    }
    assertEquals(5000, findWithGroups().groups().orElseThrow().size());
    long pages = client.asked("graph").stream().filter(p -> p.endsWith("MemberOf")).count();
    assertEquals(6, pages);
  }

  @Test
  void theWholeDirectoryIsListedPageByPage() throws Exception {
    client.works();
    for (int i = 0; i < 1500; i++) {
      client.user("bulk" + i, Map.of("uidNumber", String.valueOf(20000 + i)));
    }
    client.user("nameless in posix", Map.of()); // no account name
    lab.tenant.directory().put(ada.withUpn("ada@elsewhere.example")); // of another domain
    int all = lab.tenant.directory().users(ada.tenant()).size();
    client.group("posix", "group", Map.of("gidNumber", "815"));
    // A busy service is waited for.
    lab.tenant
        .faults()
        .add(new Fault("graph.microsoft.com", "/beta/users", "*", STATUS, 429, 1), 1);
    List<DirectoryUser> users = new ArrayList<>();
    list(users);
    assertEquals(all - 2, users.size());
    assertEquals(all - 2, users.stream().map(DirectoryUser::objectId).distinct().count());
    assertEquals(
        1500, users.stream().filter(p -> p.posix().uidNumber().orElse(0) >= 20000).count());
    List<Group> groups = new ArrayList<>();
    domain.listing().groups(groups::add);
    assertTrue(
        groups.stream()
            .map(Group::displayName)
            .collect(Collectors.toSet())
            .containsAll(Set.of("datengruppe", "posix")));
  }

  private Object listGroups() throws DomainUnavailable {
    List<Group> groups = new ArrayList<>();
    domain.listing().groups(groups::add);
    return groups;
  }

  private Object list(List<DirectoryUser> users) throws DomainUnavailable {
    domain.listing().users(users::add);
    return users;
  }

  @Test
  void aTokenIsNotCarriedToAnotherHost() throws Exception {
    client.works();
    for (int i = 0; i < 1000; i++) {
      client.group("bulk" + i, "group", Map.of(), ada.id());
    }
    List<String> hosts = new ArrayList<>();
    domain =
        lab.domain(
            EntraSettings.of(EntraFixture.DOMAIN),
            tokens,
            call -> {
              hosts.add(call.uri().getHost());
              var reply = lab.http().send(call);
              String body =
                  reply.text().replace("nextLink\":\"https://graph.", "nextLink\":\"https://evil.");
              return new himmelblau.api.http.HttpReply(
                  reply.status(),
                  reply.headers(),
                  body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            });
    UserWithGroups profile = findWithGroups();
    assertEquals(Optional.of(ada.id()), profile.user().objectId());
    assertEquals(Optional.empty(), profile.groups(), "half of them is none");
    assertFalse(hosts.contains("evil.microsoft.com"), hosts.toString());
  }
}
