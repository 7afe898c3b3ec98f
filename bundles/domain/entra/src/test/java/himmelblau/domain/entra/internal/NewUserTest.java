package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.Refusals;
import himmelblau.testing.doubles.MemoryKey;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Proof;
import himmelblau.testing.tenant.web.Fault;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An account without a second factor, on a host that is not joined unless a test joins it. */
@NullUnmarked
class NewUserTest {
  private static final String INITIAL = "Old-Horse-1";

  @TempDir static Path folder;
  private static EntraFixture lab;
  private static User original;

  private EntraDomain domain;

  @BeforeAll
  static void start() throws Exception {
    lab = new EntraFixture(folder);
    original = lab.user();
  }

  @AfterAll
  static void stop() throws Exception {
    lab.close();
  }

  @BeforeEach
  void newUser() {
    lab.tenant.settings().set("proof-up-days", "-1");
    lab.tenant.settings().set("mfa-for-portal", "true");
    lab.tenant.directory().put(original.withMethods(List.of()));
    domain = lab.domain();
    domain.leave();
    assertFalse(domain.joined());
  }

  private static void initialPassword() {
    User user = original.withMethods(List.of());
    lab.tenant.directory().put(user.withPassword(INITIAL, true, user.tokensValidFrom()));
  }

  private static SignInPolicy policy(OtherBrowser browser) {
    return new SignInPolicy(true, browser, EntraFixture.METHODS, true);
  }

  private SignIn begin(OtherBrowser browser) throws Exception {
    return domain.begin(EntraFixture.USER, policy(browser));
  }

  private static void assertOnlyTheBrowser(Step step) {
    List<String> methods =
        assertInstanceOf(Step.NeedFactor.class, step).offers().stream()
            .map(offer -> offer.method())
            .toList();
    assertEquals(List.of("DeviceCode"), methods);
  }

  /** The user signs in elsewhere, as {@code who}. */
  private static Challenge signInElsewhere(SignIn signIn, User who, boolean factor)
      throws DomainUnavailable, SignInRefused {
    Challenge challenge = signIn.challenge(EntraFixture.offer(signIn.step(), "DeviceCode"));
    String code = challenge.begin().device().orElseThrow().userCode();
    Instant now = lab.tenant.clock().now();
    Proof proof = Proof.of(who.tenant(), who.id(), List.of("pwd"), now);
    lab.tenant.deviceCodes().approve(code, factor ? proof.withMfa(now) : proof);
    assertEquals(Challenge.Progress.APPROVED, challenge.poll());
    return challenge;
  }

  private void assertNothingJoined() {
    assertFalse(domain.joined());
  }

  @Test
  void signsInWithABrowserAndGetsALocalPin() throws Exception {
    SignIn signIn = begin(OtherBrowser.WHERE_NEEDED);
    assertOnlyTheBrowser(signIn.password(EntraFixture.password()));
    assertNothingJoined();
    Challenge challenge = signInElsewhere(signIn, lab.user(), true);
    assertNothingJoined();
    Step.Complete complete = assertInstanceOf(Step.Complete.class, signIn.approved(challenge));
    try (Session session = complete.session()) {
      assertTrue(session.multiFactor());
      assertTrue(domain.joined());
      assertEquals(HelloKind.LOCAL, domain.registerHello(session, MemoryKey.generate()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {50072, 50079, 50203})
  void needsTheBrowserWhateverTheNumberOfTheMissingFactor(int code) throws Exception {
    lab.fault("*", "*/login", Fault.Kind.AADSTS, code);
    SignIn signIn = begin(OtherBrowser.WHERE_NEEDED);
    assertOnlyTheBrowser(signIn.password(EntraFixture.password()));
  }

  @Test
  void changesTheInitialPasswordInTheBrowserToo() throws Exception {
    initialPassword();
    SignIn signIn = begin(OtherBrowser.WHERE_NEEDED);
    assertOnlyTheBrowser(signIn.password(Secret.ofText(INITIAL)));
  }

  @Test
  void changesTheInitialPasswordHereWhereNoBrowserIsPossible() throws Exception {
    initialPassword();
    SignInPolicy noBrowser =
        new SignInPolicy(true, OtherBrowser.WHERE_NEEDED, Set.of("PhoneAppOTP"), true);
    SignIn signIn = domain.begin(EntraFixture.USER, noBrowser);
    assertInstanceOf(Step.NeedNewPassword.class, signIn.password(Secret.ofText(INITIAL)));
  }

  @Test
  void changesTheInitialPasswordHereOnAJoinedHostAndThenNeedsTheBrowser() throws Exception {
    lab.tenant.directory().put(original);
    lab.signIn(domain).close();
    initialPassword();
    SignIn signIn = begin(OtherBrowser.WHERE_NEEDED);
    assertInstanceOf(Step.NeedNewPassword.class, signIn.password(Secret.ofText(INITIAL)));
    assertOnlyTheBrowser(
        signIn.changePassword(Secret.ofText(INITIAL), Secret.ofText("New-Horse-22!")));
  }

  @Test
  void setsNothingUpWhereThatIsNotAllowed() throws Exception {
    SignIn signIn = begin(OtherBrowser.NOT_FOR_SETUP);
    refusedHere(EntraFixture.refused(() -> signIn.password(EntraFixture.password())));

    lab.tenant.settings().set("proof-up-days", "14");
    SignIn later = begin(OtherBrowser.NOT_FOR_SETUP);
    refusedHere(EntraFixture.refused(() -> later.password(EntraFixture.password())));

    lab.tenant.settings().set("proof-up-days", "-1");
    initialPassword();
    SignIn initial = begin(OtherBrowser.NOT_FOR_SETUP);
    assertInstanceOf(Step.NeedNewPassword.class, initial.password(Secret.ofText(INITIAL)));
    refusedHere(
        EntraFixture.refused(
            () -> initial.changePassword(Secret.ofText(INITIAL), Secret.ofText("New-Horse-22!"))));
  }

  private void refusedHere(SignInRefused refused) {
    assertEquals(Reason.FACTOR_MISSING, refused.reason());
    assertEquals(Refusals.NO_SETUP_HERE, refused.text());
    assertFalse(refused.retry());
    assertNothingJoined();
  }

  @Test
  void doesNotPutOffWhatThisHostDemands() throws Exception {
    lab.tenant.settings().set("proof-up-days", "14");
    SignIn signIn = begin(OtherBrowser.WHERE_NEEDED);
    assertOnlyTheBrowser(signIn.password(EntraFixture.password()));
  }

  @Test
  void isRefusedWithoutAFactorInTheBrowser() throws Exception {
    for (String portal : List.of("false", "true")) {
      lab.tenant.settings().set("mfa-for-portal", portal);
      SignIn signIn = begin(OtherBrowser.WHERE_NEEDED);
      signIn.password(EntraFixture.password());
      SignInRefused refused =
          EntraFixture.refused(
              () -> {
                Challenge challenge = signInElsewhere(signIn, lab.user(), false);
                return signIn.approved(challenge);
              });
      assertEquals(Reason.FACTOR_MISSING, refused.reason(), portal);
      assertNothingJoined();
    }
  }

  @Test
  void isRefusedIfSomebodyElseSignsInThere() throws Exception {
    SignIn signIn = begin(OtherBrowser.WHERE_NEEDED);
    signIn.password(EntraFixture.password());
    User other = lab.tenant.directory().user("user01@" + EntraFixture.DOMAIN).orElseThrow();
    Challenge challenge = signInElsewhere(signIn, other, true);
    assertEquals(
        Reason.OTHER_ACCOUNT, EntraFixture.refused(() -> signIn.approved(challenge)).reason());
    assertNothingJoined();
  }

  @Test
  void beginsInTheBrowserIfAskedTo() throws Exception {
    lab.tenant.directory().put(original);
    assertOnlyTheBrowser(begin(OtherBrowser.FIRST).step());
    SignInPolicy noBrowser = new SignInPolicy(true, OtherBrowser.FIRST, Set.of(), true);
    assertInstanceOf(Step.NeedPassword.class, domain.begin(EntraFixture.USER, noBrowser).step());
  }
}
