package himmelblau.login.internal.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.Peer;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.MemoryDirectory;
import himmelblau.login.internal.ScriptedDomain;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offline sign-in and breakglass (host-behaviour 7.5 and 7.6). */
class OfflinePasswordTest {
  private static final String OUTAGE =
      "I PAM_ABORT: Network outage detected." + FirstSignInTest.BANNER_END;

  @TempDir Path folder;
  private LoginFixture fixture;
  private final LoginFixture.ScriptedBreakglass breakglass = new LoginFixture.ScriptedBreakglass();

  @BeforeEach
  void build() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.domain.joined = true;
    fixture.console();
  }

  private void passwordOnlyUser() throws Exception {
    fixture.domain.methods = List.of();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
    fixture.domain.reachable = false;
  }

  private void multiFactorUserWithoutPin() throws Exception {
    fixture.flag(Flag.NO_HELLO_PIN);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "").code());
    fixture.domain.reachable = false;
  }

  private void assertOutage(LoginFixture.Seen seen) {
    assertEquals(List.of(OUTAGE, "~ PT2S"), seen.transcript());
    assertEquals(PamCode.ABORT, seen.code());
  }

  @Test
  void whereThePasswordWasEnoughItStillIs() throws Exception {
    passwordOnlyUser();
    fixture.start();
    LoginFixture.Seen seen = fixture.signIn("user01", "Passw0rd!");
    assertEquals(List.of(FirstSignInTest.ASK, FirstSignInTest.PASSWORD), seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aWrongOneIsWrongAndSlow() throws Exception {
    passwordOnlyUser();
    assertEquals(
        List.of(
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD,
            "~ PT3S",
            "I Offline auth failed",
            "~ PT2S",
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD),
        fixture.abandoned("user01", "Passw0rd"));
  }

  @Test
  void noPinIsOfferedAfterAPasswordAlone() throws Exception {
    passwordOnlyUser();
    assertTrue(fixture.domain.calls.contains("begin user01"), "MFA was not forced at the console");
    assertTrue(!fixture.domain.calls.contains("registerHello"));
  }

  @Test
  void twoFactorsAreNotReplacedByOne() throws Exception {
    multiFactorUserWithoutPin();
    assertOutage(fixture.signIn("user02", "Passw0rd!"));
  }

  @Test
  void unlessBreakglassIsActive() throws Exception {
    fixture.policies.add(breakglass);
    multiFactorUserWithoutPin();
    assertOutage(fixture.signIn("user02", "Passw0rd!"));
    breakglass.active = true;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(
        List.of(
            "I Emergency access: until the network is back, your password alone is enough.",
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD),
        seen.transcript());
    fixture.domain.reachable = true;
    int before = breakglass.reconnects;
    fixture.abandoned("user02");
    assertTrue(breakglass.reconnects > before, "the policy hears that the cloud is back");
  }

  @Test
  void anotherDirectoryThatAnswersEndsNoBreakglass() throws Exception {
    fixture.policies.add(breakglass);
    ScriptedDomain other = new ScriptedDomain();
    AtomicInteger asked = new AtomicInteger();
    other.meanwhile = asked::incrementAndGet;
    other.reachable = false;
    fixture.otherDomain(other, "example.net");
    fixture.abandoned("user02");
    await(() -> asked.get() == 1);
    fixture.abandoned("user02"); // by now the first has come to its end
    await(() -> asked.get() == 2);
    assertEquals(0, breakglass.reconnects, "example.net is still away");
    other.reachable = true;
    fixture.abandoned("user02");
    await(() -> breakglass.reconnects == 1);
  }

  @Test
  void directoriesAreAskedForOthersOnlyWhereBreakglassIsInUse() throws Exception {
    breakglass.keep = false;
    fixture.policies.add(breakglass);
    ScriptedDomain other = new ScriptedDomain();
    AtomicInteger asked = new AtomicInteger();
    other.meanwhile = asked::incrementAndGet;
    fixture.otherDomain(other, "example.net");
    fixture.abandoned("user02");
    breakglass.keep = true;
    fixture.abandoned("user02");
    await(() -> breakglass.reconnects == 1);
    assertEquals(1, asked.get());
  }

  private static void await(BooleanSupplier happened) throws InterruptedException {
    for (int i = 0; !happened.getAsBoolean(); i++) {
      assertTrue(i < 1000, "it does not happen");
      Thread.sleep(10);
    }
  }

  @Test
  void thePoliciesHearOfAnOutageBeforeTheyAreAsked() throws Exception {
    fixture.policies.add(breakglass);
    multiFactorUserWithoutPin();
    assertEquals(0, breakglass.disconnects);
    assertOutage(fixture.signIn("user02", "Passw0rd!"));
    assertEquals(1, breakglass.disconnects);
  }

  @Test
  void breakglassThatEndsWhileAUserTypesOpensNothing() throws Exception {
    fixture.policies.add(breakglass);
    multiFactorUserWithoutPin();
    breakglass.active = true;
    breakglass.times = 1;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(seen.transcript().contains(OUTAGE), seen.transcript().toString());
  }

  @Test
  void breakglassIsNotRetroactiveAndSaysSo() throws Exception {
    multiFactorUserWithoutPin();
    fixture.policies.add(breakglass);
    assertOutage(fixture.signIn("user02", "Passw0rd!"));
    breakglass.active = true;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
    assertEquals(
        List.of(
            "I Emergency access is not possible for you: this computer keeps no password of yours.",
            OUTAGE,
            "~ PT2S"),
        seen.transcript());
    assertEquals(PamCode.ABORT, seen.code());
  }

  @Test
  void nobodyElseIsToldWhetherAPasswordIsKept() throws Exception {
    multiFactorUserWithoutPin();
    fixture.policies.add(breakglass);
    breakglass.active = true;
    fixture.peer = new Peer(1000, 1000, 7);
    assertOutage(fixture.signIn("user02", "Passw0rd!"));
  }

  @Test
  void aSecondFactorOnceProvenIsNotForgotten() throws Exception {
    multiFactorUserWithoutPin();
    fixture.domain.reachable = true;
    fixture.domain.methods = List.of();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
    fixture.domain.reachable = false;
    assertOutage(fixture.signIn("user02", "Passw0rd!"));
  }

  @Test
  void anAccountDisabledInTheDirectoryIsRefusedOffline() throws Exception {
    for (SignInRefused.Reason reason :
        List.of(SignInRefused.Reason.ACCOUNT_DISABLED, SignInRefused.Reason.NO_SUCH_ACCOUNT)) {
      passwordOnlyUser();
      fixture.domain.reachable = true;
      fixture.domain.signInRefusal = ScriptedDomain.refusal(reason, "gone");
      fixture.refused("user01", "Passw0rd!");
      fixture.domain.signInRefusal = null;
      fixture.domain.reachable = false;
      assertOutage(fixture.signIn("user01", "Passw0rd!"));
      fixture.domain.reachable = true;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPasswordThatWasChangedElsewhereOpensNothing(boolean asksAgain) throws Exception {
    passwordOnlyUser();
    fixture.domain.reachable = true;
    fixture.domain.asksAgain = asksAgain;
    fixture.domain.password = "Changed-1";
    fixture.abandoned("user01", "mistyped");
    fixture.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
    fixture.domain.reachable = true;
    fixture.abandoned("user01", "Passw0rd!");
    fixture.domain.reachable = false;
    assertOutage(fixture.signIn("user01", "Passw0rd!"));
  }

  @Test
  void wrongPasswordsOfOthersDoNotInvalidateAPassword() throws Exception {
    passwordOnlyUser();
    fixture.domain.reachable = true;
    fixture.domain.signInRefusal =
        new SignInRefused(
            SignInRefused.Reason.ACCOUNT_LOCKED, "locked", Optional.of("E-17"), false);
    fixture.refused("user01", "Passw0rd!");
    fixture.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
  }

  @Test
  void aSecondFactorIsRememberedForADisabledAccount() throws Exception {
    fixture.policies.add(breakglass);
    multiFactorUserWithoutPin();
    fixture.domain.reachable = true;
    fixture.domain.signInRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.ACCOUNT_DISABLED, "gone");
    fixture.refused("user02", "Passw0rd!");
    fixture.domain.signInRefusal = null;
    fixture.policies.clear();
    fixture.domain.methods = List.of();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
    fixture.domain.reachable = false;
    assertOutage(fixture.signIn("user02", "Passw0rd!"));
  }

  @Test
  void whatIsForgottenOpensNothing() throws Exception {
    passwordOnlyUser();
    fixture.forgetAll();
    assertOutage(fixture.signIn("user01", "Passw0rd!"));
  }

  @Test
  void noPasswordSignsInOfflineOnARemovedOrDisabledDevice() throws Exception {
    passwordOnlyUser();
    fixture.domain.joined = false;
    assertOutage(fixture.signIn("user01", "Passw0rd!"));
    fixture.domain.joined = true;
    fixture.domain.disabled = true;
    assertOutage(fixture.signIn("user01", "Passw0rd!"));
    fixture.domain.disabled = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
  }

  @Test
  void onlyRootAndTheUserMayTryTheCachedPassword() throws Exception {
    passwordOnlyUser();
    fixture.peer = new Peer(1000, 1000, 7);
    assertOutage(fixture.signIn("user01", "Passw0rd!"));
    fixture.peer = new Peer(MemoryDirectory.UID, MemoryDirectory.UID, 7);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
  }

  @Test
  void aUserWhoNeverSignedInHereIsRefusedOffline() throws Exception {
    fixture.domain.reachable = false;
    assertOutage(fixture.signIn("user01", "Passw0rd!"));
  }

  @Test
  void reauthenticationNeedsTheNetwork() throws Exception {
    passwordOnlyUser();
    fixture.flag(Flag.FORCE_REAUTH);
    LoginFixture.Seen seen = fixture.signIn("user01", "Passw0rd!");
    assertEquals(
        "I PAM_ABORT: Re-authentication requires network connectivity."
            + FirstSignInTest.BANNER_END,
        seen.transcript().getFirst());
    assertEquals(PamCode.ABORT, seen.code());
  }

  @Test
  void theFallbackSignsInWithoutAPinAndCountsAsPasswordOnly() throws Exception {
    fixture.domain.methods = List.of();
    fixture.service = "sshd";
    fixture.options.put("enable_sfa_fallback", true);
    LoginFixture.Seen seen = fixture.signIn("user01", "Passw0rd!");
    assertEquals(List.of(FirstSignInTest.ASK, FirstSignInTest.PASSWORD), seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
    fixture.options.put("enable_sfa_fallback", false);
    assertTrue(
        fixture
            .refused("user01", "Passw0rd!")
            .contains(
                "I PAM_MAXTRIES: Authentication failed: Authentication method not supported."
                    + FirstSignInTest.BANNER_END));
  }
}
