package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Group;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.testing.doubles.MemoryKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path against the emulated tenant. */
@NullUnmarked
class CompleteSignInTest {
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
  void joinsEnrolsUnlocksAndRenews() throws Exception {
    assertTrue(domain.reachable());
    assertFalse(domain.joined());
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.CONSOLE);
    assertInstanceOf(Step.NeedPassword.class, signIn.step());
    Step.NeedFactor factor =
        assertInstanceOf(Step.NeedFactor.class, signIn.password(EntraFixture.password()));
    FactorOffer push = factor.offers().get(0);
    assertEquals("PhoneAppNotification", push.method());
    assertEquals(FactorOffer.Role.SECOND, push.role());
    assertTrue(lab.tenant.phone().pending().isEmpty(), "nothing is sent before begin()");

    Challenge challenge = signIn.challenge(push);
    Prompt prompt = challenge.begin();
    assertEquals(Progress.PENDING, challenge.poll());
    lab.answer(true, prompt.number().map(Integer::valueOf));
    assertEquals(Progress.APPROVED, challenge.poll());
    Session session = assertInstanceOf(Step.Complete.class, signIn.approved(challenge)).session();

    assertTrue(domain.joined());
    assertTrue(session.multiFactor());
    assertEquals(EntraFixture.USER, session.user().name());
    assertEquals(Optional.of(lab.user().id()), session.user().objectId());
    assertEquals(domain.tenantId(), session.user().tenantId());
    assertEquals("user02", session.user().displayName());
    assertEquals(
        List.of(UUID.fromString("bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6")),
        session.groups().orElseThrow().stream().map(Group::objectId).toList());

    MemoryKey hello = MemoryKey.generate();
    assertEquals(HelloKind.REGISTERED, domain.registerHello(session, hello));
    try (Session unlocked = domain.signInWithHello(EntraFixture.USER, hello)) {
      assertTrue(unlocked.multiFactor());
      assertEquals(session.user(), unlocked.user());
    }
    for (int hours : List.of(-3, 3)) {
      lab.clock.reset();
      lab.clock.pass(Duration.ofHours(hours)); // before NTP has set the clock of this host
      try (Session unlocked = domain.signInWithHello(EntraFixture.USER, hello)) {
        assertEquals(session.user(), unlocked.user());
      }
    }
    lab.clock.reset();
    Secret renewal = session.renewal().orElseThrow();
    assertTrue(domain.renewalAlive(renewal));
    EntraDomain restarted = lab.domain();
    assertTrue(restarted.joined());
    try (Session renewed = restarted.renew(EntraFixture.USER, renewal)) {
      assertEquals(session.user(), renewed.user());
      assertTrue(renewed.multiFactor());
      assertTrue(renewed.groups().isPresent());
      Secret next = renewed.renewal().orElseThrow();
      try (Session again = restarted.renew(EntraFixture.USER, next)) {
        assertEquals(session.user(), again.user());
      }
    }
    assertEquals(1, lab.tenant.directory().devices().size());
  }

  @Test
  void findsAccountsWithoutSendingPrompts() throws Exception {
    assertTrue(domain.find(EntraFixture.USER).isPresent());
    AccountName nobody = AccountName.parse("nobody@" + EntraFixture.DOMAIN).orElseThrow();
    assertTrue(domain.find(nobody).isEmpty());
    assertTrue(lab.tenant.phone().pending().isEmpty());
    AccountName foreign = AccountName.parse("user02@0pndv.onmicrosoft.com").orElseThrow();
    int before = lab.tenant.log().all().size();
    EntraFixture.unavailable(() -> domain.find(foreign));
    EntraFixture.unavailable(() -> domain.begin(foreign, EntraFixture.FORCED));
    assertEquals(before, lab.tenant.log().all().size(), "nobody is asked about a foreign name");
    SignInRefused unknown = EntraFixture.refused(() -> domain.begin(nobody, EntraFixture.FORCED));
    assertEquals(Reason.NO_SUCH_ACCOUNT, unknown.reason());
  }

  @Test
  void asksAgainForThePasswordAfterAWrongOne() throws Exception {
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    SignInRefused refused = EntraFixture.refused(() -> signIn.password(Secret.ofText("wrong")));
    assertEquals(Reason.WRONG_PASSWORD, refused.reason());
    assertEquals("Authentication failed (AADSTS50126)", refused.text());
    assertTrue(refused.retry());
    assertInstanceOf(Step.NeedFactor.class, signIn.password(EntraFixture.password()));
  }

  @Test
  void signsInWithThePasswordAloneWhereTheDirectoryAllowsIt() throws Exception {
    lab.signIn(domain).close();
    lab.tenant.settings().set("mfa", "never");
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.CONSOLE);
    Session session =
        assertInstanceOf(Step.Complete.class, signIn.password(EntraFixture.password())).session();
    assertFalse(session.multiFactor());
    assertEquals(HelloKind.LOCAL, domain.registerHello(session, MemoryKey.generate()));
    SignIn wrong = domain.begin(EntraFixture.USER, EntraFixture.CONSOLE);
    assertEquals(
        Reason.WRONG_PASSWORD,
        EntraFixture.refused(() -> wrong.password(Secret.ofText("wrong"))).reason());
    lab.tenant.settings().set("mfa", "always");
    SignIn demanded = domain.begin(EntraFixture.USER, EntraFixture.CONSOLE);
    assertInstanceOf(Step.NeedFactor.class, demanded.password(EntraFixture.password()));
  }

  @Test
  void anApprovalIsNeededWhateverACallerSays() throws Exception {
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    Step step = signIn.password(EntraFixture.password());
    Challenge challenge = signIn.challenge(EntraFixture.offer(step, "PhoneAppNotification"));
    challenge.begin();
    org.junit.jupiter.api.Assertions.assertThrows(
        IllegalStateException.class, () -> signIn.approved(challenge));
    lab.answer(false, Optional.empty());
    assertEquals(Progress.DENIED, challenge.poll());
    org.junit.jupiter.api.Assertions.assertThrows(
        IllegalStateException.class, () -> signIn.approved(challenge));
    assertFalse(domain.joined());
    assertTrue(lab.vault.names("entra/" + EntraFixture.DOMAIN + "/device").isEmpty());
  }

  @Test
  void aWrongNumberIsADenial() throws Exception {
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    Step step = signIn.password(EntraFixture.password());
    Challenge challenge = signIn.challenge(EntraFixture.offer(step, "PhoneAppNotification"));
    int number = Integer.parseInt(challenge.begin().number().orElseThrow());
    lab.answer(true, Optional.of(number == 99 ? 98 : number + 1));
    assertEquals(Progress.DENIED, challenge.poll());
  }

  @Test
  void nobodyAnswers() throws Exception {
    SignIn signIn = domain.begin(EntraFixture.USER, EntraFixture.FORCED);
    Step step = signIn.password(EntraFixture.password());
    Challenge challenge = signIn.challenge(EntraFixture.offer(step, "PhoneAppNotification"));
    challenge.begin();
    lab.tenant.clock().skew(Duration.ofSeconds(70));
    assertEquals(Progress.EXPIRED, challenge.poll());
  }
}
