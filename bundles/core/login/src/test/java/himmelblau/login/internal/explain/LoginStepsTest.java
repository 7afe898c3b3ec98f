package himmelblau.login.internal.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each step says, and that it says what a sign-in would do. */
class LoginStepsTest {
  private static final AccountName USER = new AccountName("user02", "example.org");
  private static final UUID GROUP = UUID.fromString("00000000-0000-0000-0000-0000000000aa");

  @TempDir Path folder;
  private LoginFixture fixture;
  private final LoginFixture.ScriptedBreakglass breakglass = new LoginFixture.ScriptedBreakglass();

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
    fixture.domain.joined = true;
  }

  private ExplainRequest request(String service, boolean otherHost) {
    return new ExplainRequest(
        "user02",
        Optional.of(USER),
        service,
        otherHost,
        Optional.of(fixture.domain),
        fixture.domain.reachable);
  }

  private Finding found(ExplainStep step, String service) {
    return step.explain(request(service, false)).orElseThrow();
  }

  private void signedIn(Group... groups) throws Exception {
    fixture.directory.record(
        new DirectoryUser(
            USER,
            Optional.of(ScriptedDomain.USERS.get("user02")),
            Optional.of("tenant"),
            "",
            PosixAttributes.NONE),
        Optional.of(List.of(groups)));
  }

  private List<ExplainStep> all() {
    return List.of(
        new AccountStateStep(fixture.environment),
        new AllowListStep(fixture.environment),
        new LoginServiceStep(fixture.environment),
        new MethodsStep(fixture.environment),
        new OfflineStep(fixture.environment),
        new BreakglassStep(fixture.environment),
        new RefusalsStep(fixture.environment));
  }

  @Test
  void nothingIsSaidAboutANameThatMeansNobody() {
    ExplainRequest request =
        new ExplainRequest("root", Optional.empty(), "sshd", false, Optional.empty(), false);
    for (ExplainStep step : all()) {
      assertEquals(Optional.empty(), step.explain(request));
    }
  }

  @Test
  void noStepBeginsASignInOrTriesAnything() throws Exception {
    fixture.policies.add(breakglass);
    fixture.enrolled();
    fixture.options.put("pam_allow_groups", new String[] {GROUP.toString()});
    List<String> before = List.copyOf(fixture.domain.calls);
    List<String> secrets = List.copyOf(fixture.domain.secrets);
    int reconnects = breakglass.reconnects;
    for (boolean reachable : new boolean[] {true, false}) {
      fixture.domain.reachable = reachable;
      for (ExplainStep step : all()) {
        step.explain(request("sshd", true));
      }
    }
    assertEquals(before, fixture.domain.calls);
    assertEquals(0, breakglass.disconnects, "nobody signs in");
    assertEquals(reconnects, breakglass.reconnects);
    assertEquals(secrets, fixture.domain.secrets);
  }

  // --- account state

  @Test
  void aDisabledAccountIsRefused() throws Exception {
    ExplainStep step = new AccountStateStep(fixture.environment);
    assertEquals(Outcome.OK, found(step, "sshd").outcome());
    fixture.domain.signInRefusal =
        new SignInRefused(Reason.ACCOUNT_DISABLED, "disabled", Optional.of("AADSTS50057"), false);
    fixture.refused("user02", "Passw0rd!");
    assertEquals(Outcome.NO, found(step, "sshd").outcome());
    fixture.domain.signInRefusal = null;
    fixture.enrolled();
    assertEquals(Outcome.OK, found(step, "sshd").outcome());
  }

  // --- allow list

  @Test
  void withoutAListEverybodyIsAdmitted() {
    Finding found = found(new AllowListStep(fixture.environment), "sshd");
    assertEquals(Outcome.OK, found.outcome());
    assertEquals(List.of(OptionUse.of("pam_allow_groups")), found.options());
  }

  @Test
  void theEntryThatAdmitsIsNamed() throws Exception {
    signedIn(new Group(GROUP, "staff", OptionalLong.empty()));
    fixture.options.put("pam_allow_groups", new String[] {"x@example.org", GROUP.toString()});
    Finding found = found(new AllowListStep(fixture.environment), "sshd");
    assertEquals(Outcome.OK, found.outcome());
    assertEquals("admitted by the entry of the group " + GROUP, found.text());
    assertEquals(List.of(OptionUse.entry("pam_allow_groups", GROUP.toString())), found.options());
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));

    fixture.options.put("pam_allow_groups", new String[] {"USER02@example.org"});
    assertEquals(
        "admitted by the entry user02@example.org",
        found(new AllowListStep(fixture.environment), "sshd").text());
  }

  @Test
  void whoIsNotListedIsRefused() throws Exception {
    signedIn(new Group(GROUP, "staff", OptionalLong.empty()));
    fixture.options.put("pam_allow_groups", new String[] {"x@example.org", "staff"});
    Finding found = found(new AllowListStep(fixture.environment), "sshd");
    assertEquals(Outcome.NO, found.outcome());
    assertEquals(List.of("groups known here: 1"), found.details());
    assertEquals(PamCode.AUTH_ERR, fixture.account("user02"), "the display name is no entry");
  }

  @Test
  void theGroupsOfANewUserAreNotKnown() {
    fixture.options.put("pam_allow_groups", new String[] {GROUP.toString()});
    assertEquals(Outcome.OPEN, found(new AllowListStep(fixture.environment), "sshd").outcome());
  }

  // --- service

  @Test
  void theServiceSaysWhatItShowsAndWhetherItIsRemote() {
    Finding ssh = found(new LoginServiceStep(fixture.environment), "sshd");
    assertEquals("sshd: OpenSSH; the sign-in counts as remote", ssh.text());
    assertEquals(List.of(OptionUse.of("password_only_remote_services_deny_list")), ssh.options());
    assertEquals(
        List.of(
            "text before a prompt: with a prompt, or at once; number: yes; QR code: yes;"
                + " several prompts: yes; waiting: yes"),
        ssh.details());
    assertEquals(
        "login: login, telnetd; the sign-in counts as local",
        found(new LoginServiceStep(fixture.environment), "login").text());
    Finding remote =
        new LoginServiceStep(fixture.environment).explain(request("login", true)).orElseThrow();
    assertEquals("login: login, telnetd; the sign-in counts as remote", remote.text());
    assertEquals(List.of(), remote.options(), "no option decided that");
  }

  // --- methods

  @Test
  void aRemoteSignInNeedsASecondFactor() {
    Finding found = found(new MethodsStep(fixture.environment), "sshd");
    assertEquals(Outcome.OK, found.outcome());
    assertEquals("a second factor or the PIN is needed: the sign-in is remote", found.text());
    assertEquals("PIN: not possible: none is set up", found.details().get(0));
    assertEquals("password: possible, with a second factor", found.details().get(1));
    assertTrue(
        found.details().stream()
            .anyMatch(line -> line.endsWith("(PhoneAppNotification): possible")),
        found.details().toString());
  }

  @Test
  void aProgramThatCannotShowItIsNamed() throws Exception {
    Finding cups = found(new MethodsStep(fixture.environment), "cups");
    assertTrue(
        cups.details().stream()
            .anyMatch(
                line -> line.endsWith("(PhoneAppNotification): not possible: CUPS does not wait")),
        cups.details().toString());
    assertEquals(Outcome.OK, cups.outcome(), "the password is enough on a host that is joined");

    fixture.options.put("allow_console_password_only", false);
    Finding demanded = found(new MethodsStep(fixture.environment), "cups");
    assertEquals(Outcome.NO, demanded.outcome());
    assertTrue(demanded.text().endsWith("; none is possible here"), demanded.text());
    assertEquals(List.of(OptionUse.of("allow_console_password_only")), demanded.options());

    fixture.enrolled();
    Finding pin = found(new MethodsStep(fixture.environment), "cups");
    assertEquals(Outcome.OK, pin.outcome());
    assertEquals("PIN: possible, and asked for first", pin.details().getFirst());
  }

  @Test
  void thePinMayBeForbiddenOverTheNetwork() throws Exception {
    fixture.enrolled();
    fixture.options.put("allow_remote_hello", false);
    Finding found = found(new MethodsStep(fixture.environment), "sshd");
    assertEquals("PIN: not possible: not over the network", found.details().getFirst());
    assertEquals(List.of(OptionUse.of("allow_remote_hello")), found.options());
    assertEquals(
        "PIN: possible, and asked for first",
        found(new MethodsStep(fixture.environment), "login").details().getFirst());
  }

  @Test
  void methodsMayBeSwitchedOff() {
    fixture.options.put("enable_experimental_mfa", false);
    Finding found = found(new MethodsStep(fixture.environment), "sshd");
    assertEquals(Outcome.NO, found.outcome(), "there is no method with a browser here");
    assertEquals(List.of(OptionUse.of("enable_experimental_mfa")), found.options());
    fixture.options.put("enable_sfa_fallback", true);
    assertEquals(Outcome.OK, found(new MethodsStep(fixture.environment), "sshd").outcome());
  }

  @Test
  void aBundleThatWasRemovedIsNamed() {
    fixture.methods.remove(fixture.push);
    Finding found = found(new MethodsStep(fixture.environment), "sshd");
    assertEquals(Outcome.NO, found.outcome());
    assertTrue(
        found.details().contains("PhoneAppNotification: not possible: its bundle is not running"),
        found.details().toString());
  }

  @Test
  void aHostThatIsNotRegisteredTakesNoPin() throws Exception {
    fixture.enrolled();
    fixture.domain.joined = false;
    Finding found = found(new MethodsStep(fixture.environment), "login");
    assertEquals("PIN: not possible: this host is not registered now", found.details().getFirst());
    assertEquals("a second factor is needed: the sign-in registers this host", found.text());
  }

  // --- offline

  @Test
  void withoutTheDirectoryOnlyWhatIsKeptCounts() throws Exception {
    ExplainStep step = new OfflineStep(fixture.environment);
    assertEquals(Outcome.OK, found(step, "login").outcome());
    fixture.domain.reachable = false;
    assertEquals(Outcome.NO, found(step, "login").outcome());
    fixture.domain.reachable = true;
    fixture.enrolled();
    fixture.domain.reachable = false;
    assertEquals(Outcome.OK, found(step, "login").outcome(), "the PIN");
    assertEquals(
        Outcome.NOTE,
        found(new MethodsStep(fixture.environment), "login").outcome(),
        "these methods wait for the directory");
    fixture.options.put("allow_remote_hello", false);
    assertEquals(Outcome.NO, found(step, "sshd").outcome());
  }

  @Test
  void aClockThatWasSetBackForbidsThePin() throws Exception {
    fixture.enrolled();
    fixture.domain.reachable = false;
    fixture.now = fixture.now.minus(Duration.ofDays(2));
    Finding found = found(new OfflineStep(fixture.environment), "login");
    assertEquals(Outcome.NO, found.outcome());
    assertTrue(found.details().getFirst().contains("the clock"), found.details().toString());
  }

  @Test
  void aPinWhoseRenewalEndedOpensNothingOffline() throws Exception {
    fixture.console();
    fixture.enrolled();
    fixture.domain.reachable = false;
    assertEquals(Outcome.OK, found(new OfflineStep(fixture.environment), "login").outcome());
    fixture.environment.hello().orElseThrow().endOffline(Set.of());
    Finding found = found(new OfflineStep(fixture.environment), "login");
    assertEquals(Outcome.NO, found.outcome());
    assertEquals(
        List.of("PIN: not possible: the last sign-in cannot be renewed any more"), found.details());
    List<String> seen = fixture.abandoned("user02", "182736");
    assertTrue(seen.toString().contains("Offline auth has expired"), seen.toString());
  }

  @Test
  void aHostThatWasDisabledLetsNobodyInOffline() throws Exception {
    fixture.enrolled();
    fixture.domain.reachable = false;
    fixture.domain.disabled = true;
    Finding found = found(new OfflineStep(fixture.environment), "login");
    assertEquals(Outcome.NO, found.outcome());
    assertEquals(List.of("this host was disabled in the directory"), found.details());
    fixture.domain.joined = false;
    assertEquals(
        List.of("this host is not registered with the directory"),
        found(new OfflineStep(fixture.environment), "login").details());
  }

  @Test
  void aCachedPasswordOfTwoFactorsNeedsBreakglass() throws Exception {
    fixture.policies.add(breakglass);
    fixture.console();
    fixture.flag(Flag.NO_HELLO_PIN);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "").code());
    fixture.domain.reachable = false;
    Finding closed = found(new OfflineStep(fixture.environment), "login");
    assertEquals(Outcome.NO, closed.outcome());
    assertTrue(
        closed.details().contains("cached password: not possible: breakglass is not active"),
        closed.details().toString());
    breakglass.active = true;
    Finding open = found(new OfflineStep(fixture.environment), "login");
    assertEquals(Outcome.OK, open.outcome());
    assertEquals(List.of("cached password: possible"), open.details());
  }

  @Test
  void aPasswordThatWasEnoughIsEnoughOffline() throws Exception {
    fixture.console();
    fixture.domain.methods = List.of();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
    fixture.domain.reachable = false;
    Finding found = found(new OfflineStep(fixture.environment), "login");
    assertEquals(Outcome.OK, found.outcome());
    assertTrue(found.details().contains("cached password: possible"), found.details().toString());
  }

  // --- refusals

  @Test
  void theLastRefusalsAreToldInWords() throws Exception {
    ExplainStep step = new RefusalsStep(fixture.environment);
    assertEquals(Outcome.OK, found(step, "sshd").outcome());
    fixture.domain.signInRefusal =
        new SignInRefused(
            Reason.ACCOUNT_DISABLED,
            "Your account is disabled.",
            Optional.of("AADSTS50057"),
            false);
    fixture.refused("user02", "Passw0rd!");
    Finding found = found(step, "sshd");
    assertEquals(Outcome.NOTE, found.outcome());
    assertEquals(
        List.of(
            "2027-01-15T08:00:00Z directory (AADSTS50057): an administrator disabled the account;"
                + " shown: Your account is disabled."),
        found.details());
    assertFalse(found.details().toString().contains("Passw0rd!"));
  }

  @Test
  void aPolicyThatBlocksTheSignInIsNamed() throws Exception {
    fixture.domain.signInRefusal =
        new SignInRefused(Reason.BLOCKED_BY_POLICY, "", Optional.of("AADSTS53003"), false);
    fixture.abandoned("user02", "Passw0rd!");
    String line = found(new RefusalsStep(fixture.environment), "sshd").details().getFirst();
    assertTrue(
        line.contains(
            "directory (AADSTS53003): a policy of the directory (conditional access) does not allow"
                + " this sign-in"),
        line);
  }

  @Test
  void aRefusalOfThisHostIsKeptToo() throws Exception {
    signedIn();
    fixture.options.put("pam_allow_groups", new String[] {"x@example.org"});
    assertEquals(PamCode.AUTH_ERR, fixture.account("user02"));
    assertEquals(
        List.of("2027-01-15T08:00:00Z this host: not in pam_allow_groups"),
        found(new RefusalsStep(fixture.environment), "sshd").details());
  }

  @Test
  void aWrongPinIsKeptWithoutThePin() throws Exception {
    fixture.enrolled();
    fixture.abandoned("user02", "000000");
    List<String> lines = found(new RefusalsStep(fixture.environment), "sshd").details();
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.getFirst().contains("Failed to authenticate with Hello PIN."));
    assertFalse(lines.toString().contains("000000"));
  }

  @Test
  void breakglassIsThatOfThePolicyInUse() {
    BreakglassStep step = new BreakglassStep(fixture.environment);
    assertEquals("no policy is installed", found(step, "sshd").text());
    fixture.policies.add(breakglass);
    assertEquals("enabled, not active", found(step, "sshd").text());
    breakglass.end = Optional.of(fixture.now.plusSeconds(60));
    Finding open = found(step, "sshd");
    assertEquals(Outcome.NOTE, open.outcome());
    assertTrue(open.text().startsWith("active until "), open.text());
    breakglass.keep = false;
    breakglass.end = Optional.empty();
    assertEquals("disabled", found(step, "sshd").text());
  }
}
