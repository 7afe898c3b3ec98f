package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.Group;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.Issuer.Fault;
import himmelblau.domain.oidc.internal.OidcSettings.UserNameForm;
import himmelblau.testing.doubles.CapturedLog;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Passwords that are typed at this host (RFC 6749 section 4.3). */
class PasswordGrantTest {
  private static final SignInPolicy ONE_FACTOR = policy(false, OtherBrowser.WHERE_NEEDED);
  private static final SignInPolicy TWO_FACTORS = policy(true, OtherBrowser.WHERE_NEEDED);
  private static final SignInPolicy NO_BROWSER =
      new SignInPolicy(true, OtherBrowser.WHERE_NEEDED, Set.of(), false);

  private final OidcFixture at = OidcFixture.passwords(UserNameForm.SHORT, Set.of("1"));

  private static SignInPolicy policy(boolean forceMfa, OtherBrowser browser) {
    return new SignInPolicy(forceMfa, browser, Set.of("DeviceCode"), false);
  }

  private Step typed(SignInPolicy policy, String text) throws Exception {
    try (SignIn signIn = at.provider.begin(at.user(), policy);
        Secret password = Secret.ofText(text)) {
      Step.NeedPassword need = assertInstanceOf(Step.NeedPassword.class, signIn.step());
      assertEquals("Use your password for corp.example.", need.text().orElseThrow());
      assertEquals("Password: ", need.prompt().orElseThrow());
      Step next = signIn.password(password);
      assertEquals(next, signIn.step());
      return next;
    }
  }

  private Session signedIn(SignInPolicy policy) throws Exception {
    return assertInstanceOf(Step.Complete.class, typed(policy, Issuer.PASSWORD)).session();
  }

  private SignInRefused refused(String answer, String description) {
    at.issuer.passwordAnswer = answer;
    at.issuer.description = description;
    return assertThrows(SignInRefused.class, () -> typed(TWO_FACTORS, Issuer.PASSWORD));
  }

  private void answers(String answer, String description) {
    at.issuer.passwordAnswer = answer;
    at.issuer.description = description;
  }

  @Test
  void thePasswordSignsInAndIsOneFactor() throws Exception {
    try (Session session = signedIn(ONE_FACTOR)) {
      assertEquals(at.user(), session.user().name());
      assertFalse(session.multiFactor());
      assertEquals(
          List.of("/eng/linux", "staff"),
          session.groups().orElseThrow().stream().map(Group::displayName).sorted().toList());
    }
    String body =
        at.issuer.requests.stream()
            .filter(each -> each.path().equals("/token"))
            .toList()
            .getLast()
            .body();
    assertTrue(body.contains("username=ada&") || body.endsWith("username=ada"), body);
    assertTrue(body.contains("scope=openid"), body);
    assertEquals(0, at.issuer.asked("/device"));
  }

  @Test
  void theNameIsSentAsTheIssuerHasIt() throws Exception {
    OidcFixture full = OidcFixture.passwords(UserNameForm.FULL, Set.of());
    full.issuer.fullNames = true;
    try (SignIn signIn = full.provider.begin(full.user(), ONE_FACTOR);
        Secret password = full.password()) {
      assertInstanceOf(Step.Complete.class, signIn.password(password)).session().close();
    }
    at.issuer.fullNames = true;
    assertEquals(
        Reason.WRONG_PASSWORD,
        assertThrows(SignInRefused.class, () -> typed(ONE_FACTOR, Issuer.PASSWORD)).reason());
  }

  /** The login bundle counts this one, as it does Entra ID's. */
  @Test
  void aWrongPasswordMayBeTriedAgainAndSaysNothingMore() throws Exception {
    try (SignIn signIn = at.provider.begin(at.user(), ONE_FACTOR);
        Secret wrong = Secret.ofText("wrong");
        Secret right = at.password()) {
      SignInRefused refusal = assertThrows(SignInRefused.class, () -> signIn.password(wrong));
      assertEquals(Reason.WRONG_PASSWORD, refusal.reason());
      assertEquals("Authentication failed. Please try again.", refusal.text());
      assertTrue(refusal.retry());
      assertEquals(1, at.issuer.asked("/token"), "one attempt is one at the issuer");
      assertInstanceOf(Step.Complete.class, signIn.password(right)).session().close();
      assertThrows(IllegalStateException.class, () -> signIn.password(right), "once");
    }
    try (SignIn signIn = at.provider.begin(at.nobody(), ONE_FACTOR);
        Secret right = at.password()) {
      SignInRefused refusal = assertThrows(SignInRefused.class, () -> signIn.password(right));
      assertEquals(Reason.WRONG_PASSWORD, refusal.reason(), "no word on who exists");
    }
  }

  /** Keycloak answers it with status 401, which is no word on the client. */
  @Test
  void aWrongPasswordIsNoWrongClient() {
    try (CapturedLog log = new CapturedLog("himmelblau.domain.oidc")) {
      assertThrows(SignInRefused.class, () -> typed(ONE_FACTOR, "wrong"));
      assertEquals(List.of(), log.lines());
    }
    assertEquals(List.of(), at.host.troubles());
  }

  /** Keycloak gives every password the acr of the pages that ask for two factors. */
  @Test
  void anAcrIsNoSecondFactorOfAPassword() throws Exception {
    at.issuer.passwordProof = Map.of("acr", "1");
    try (Session session = signedIn(ONE_FACTOR)) {
      assertFalse(session.multiFactor());
    }
    assertInstanceOf(Step.NeedFactor.class, typed(TWO_FACTORS, Issuer.PASSWORD));
  }

  /** An issuer may ask for a confirmation on the phone while it holds the request. */
  @Test
  void whatTheTokenNamesAsFactorsCounts() throws Exception {
    at.issuer.passwordProof = Map.of("amr", List.of("pwd", "hwk"));
    try (Session session = signedIn(TWO_FACTORS)) {
      assertTrue(session.multiFactor());
    }
  }

  /** A renewal proves nothing, whatever the issuer writes into it. */
  @Test
  void aRenewalOfAPasswordStaysOneFactor() throws Exception {
    at.issuer.claim("ada", "acr", "1");
    at.issuer.passwordProof = Map.of();
    try (Session session = signedIn(ONE_FACTOR);
        Secret renewal = session.renewal().orElseThrow();
        Session renewed = at.provider.renew(at.user(), renewal);
        Secret next = renewed.renewal().orElseThrow();
        Session again = at.provider.renew(at.user(), next)) {
      assertFalse(renewed.multiFactor());
      assertFalse(again.multiFactor());
    }
  }

  @Test
  void aSecondFactorThatIsDemandedIsProvenInTheBrowser() throws Exception {
    try (SignIn signIn = at.provider.begin(at.user(), TWO_FACTORS);
        Secret password = at.password()) {
      inBrowser(signIn, signIn.password(password), "ada").close();
    }
  }

  private Session inBrowser(SignIn signIn, Step step, String who) throws Exception {
    Step.NeedFactor need = assertInstanceOf(Step.NeedFactor.class, step);
    assertEquals(
        List.of(new FactorOffer("DeviceCode", FactorOffer.Role.SECOND, "", true)), need.offers());
    Challenge challenge = signIn.challenge(need.offers().get(0));
    Prompt prompt = challenge.begin();
    at.issuer.complete(prompt.device().orElseThrow().userCode(), who);
    at.pass(prompt.interval());
    assertEquals(Challenge.Progress.APPROVED, challenge.poll());
    Step last = signIn.approved(challenge);
    return assertInstanceOf(Step.Complete.class, last).session();
  }

  @Test
  void afterThePasswordAnotherAccountInTheBrowserIsRefused() throws Exception {
    try (SignIn signIn = at.provider.begin(at.user(), TWO_FACTORS);
        Secret password = at.password()) {
      Step step = signIn.password(password);
      SignInRefused refusal =
          assertThrows(SignInRefused.class, () -> inBrowser(signIn, step, "grace"));
      assertEquals(Reason.OTHER_ACCOUNT, refusal.reason());
    }
  }

  /** In the browser everything is proven anew: nothing is known about what was typed here. */
  @Test
  void anIssuerThatWantsTheUserInTheBrowserGetsThemThere() throws Exception {
    for (String answer :
        List.of(
            "403 mfa_required",
            "400 interaction_required",
            "400 login_required",
            "400 consent_required",
            "400 invalid_grant")) {
      answers(answer, answer.endsWith("grant") ? "Account is not fully set up" : "");
      try (SignIn signIn = at.provider.begin(at.user(), ONE_FACTOR);
          Secret password = Secret.ofText("whatever")) {
        try (Session session = inBrowser(signIn, signIn.password(password), "ada")) {
          assertTrue(session.multiFactor(), answer);
        }
      }
    }
  }

  @Test
  void withoutABrowserThatIsTheEnd() {
    answers("403 mfa_required", "");
    for (String answer : List.of("403 mfa_required", "")) {
      at.issuer.passwordAnswer = answer;
      SignInRefused refusal =
          assertThrows(SignInRefused.class, () -> typed(NO_BROWSER, Issuer.PASSWORD));
      assertEquals(Reason.NOT_SUPPORTED, refusal.reason());
      assertTrue(refusal.text().startsWith("A second factor is needed"), refusal.text());
    }
  }

  @Test
  void anIssuerWithoutDeviceCodesMayTakePasswords() throws Exception {
    at.issuer.fault = Fault.NO_DEVICE_GRANT;
    signedIn(ONE_FACTOR).close();
    SignInRefused refusal =
        assertThrows(SignInRefused.class, () -> typed(TWO_FACTORS, Issuer.PASSWORD));
    assertEquals(Reason.NOT_SUPPORTED, refusal.reason());
    at.issuer.takesPasswords = false;
    assertThrows(DomainUnavailable.class, () -> typed(ONE_FACTOR, Issuer.PASSWORD));
  }

  @Test
  void whatTheIssuerSaysOfTheAccountIsTold() {
    SignInRefused disabled = refused("400 invalid_grant", "Account disabled");
    assertEquals(Reason.ACCOUNT_DISABLED, disabled.reason());
    SignInRefused locked = refused("400 invalid_grant", "Account temporarily disabled");
    assertEquals(
        Reason.ACCOUNT_LOCKED, locked.reason(), "stays valid offline: anybody can cause it");
    assertEquals(Reason.ACCOUNT_LOCKED, refused("400 invalid_grant", "User is locked").reason());
    for (String code : List.of("unauthorized_client", "unsupported_grant_type", "access_denied")) {
      SignInRefused refusal = refused("400 " + code, "");
      assertEquals(Reason.BLOCKED_BY_POLICY, refusal.reason(), code);
      assertEquals(code, refusal.code().orElseThrow());
      assertFalse(refusal.retry(), code);
    }
  }

  @Test
  void anIssuerThatIsBusyHasNotRefusedThePassword() {
    for (String answer : List.of("400 server_error", "400 temporarily_unavailable", "503 x")) {
      answers(answer, "");
      assertThrows(DomainUnavailable.class, () -> typed(ONE_FACTOR, Issuer.PASSWORD), answer);
    }
  }

  @Test
  void whoTheTokenIsAboutIsWhoWasAskedFor() throws Exception {
    at.issuer.claim("ada", "preferred_username", "grace");
    SignInRefused refusal =
        assertThrows(SignInRefused.class, () -> typed(ONE_FACTOR, Issuer.PASSWORD));
    assertEquals(Reason.OTHER_ACCOUNT, refusal.reason());
    assertEquals(
        "The identity provider knows another account than ada@corp.example by this name and"
            + " password.",
        refusal.text());
  }

  @Test
  void tokensForAPasswordAreCheckedLikeAnyOther() {
    for (Fault fault :
        List.of(
            Fault.ALG_NONE,
            Fault.SIGNED_BY_ANOTHER_KEY,
            Fault.WRONG_AUDIENCE,
            Fault.WRONG_ISSUER,
            Fault.EXPIRED,
            Fault.ISSUED_EARLIER,
            Fault.NO_ID_TOKEN)) {
      at.issuer.fault = fault;
      assertThrows(DomainUnavailable.class, () -> typed(ONE_FACTOR, Issuer.PASSWORD), fault.name());
    }
  }

  /** Without the word of both, nobody is asked for a password. */
  @Test
  void administratorAndIssuerMustAllowIt() throws Exception {
    at.issuer.takesPasswords = false;
    OidcFixture notAllowed = new OidcFixture();
    notAllowed.issuer.takesPasswords = true;
    for (OidcFixture each : List.of(at, notAllowed)) {
      try (SignIn signIn = each.provider.begin(each.user(), ONE_FACTOR);
          Secret password = each.password()) {
        assertInstanceOf(Step.NeedFactor.class, signIn.step());
        assertThrows(IllegalStateException.class, () -> signIn.password(password));
      }
      assertEquals(0, each.issuer.asked("/token"));
      assertThrows(SignInRefused.class, () -> each.provider.begin(each.user(), NO_BROWSER));
    }
  }

  @Test
  void whereTheBrowserComesFirstThePasswordIsNotAskedFor() throws Exception {
    try (SignIn signIn = at.provider.begin(at.user(), policy(true, OtherBrowser.FIRST))) {
      Step.NeedFactor need = assertInstanceOf(Step.NeedFactor.class, signIn.step());
      assertEquals(FactorOffer.Role.FIRST, need.offers().get(0).role());
    }
  }

  @Test
  void thePasswordIsInTheFormOnly() throws Exception {
    try (CapturedLog log = new CapturedLog("himmelblau");
        Session session = signedIn(ONE_FACTOR);
        Secret renewal = session.renewal().orElseThrow()) {
      String all = session + log.lines().toString() + at.provider + at.host + renewal.revealText();
      assertFalse(all.contains(Issuer.PASSWORD), all);
      String sent = URLEncoder.encode(Issuer.PASSWORD, StandardCharsets.UTF_8);
      assertEquals(
          List.of("/token"),
          at.issuer.requests.stream()
              .filter(each -> each.body().contains(sent))
              .map(Issuer.Request::path)
              .toList());
    }
  }
}
