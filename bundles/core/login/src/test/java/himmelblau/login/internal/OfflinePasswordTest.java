package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offline sign-in and breakglass (host-behaviour 7.5 and 7.6). */
class OfflinePasswordTest {
  private static final String OUTAGE =
      "I PAM_ABORT: Network outage detected." + FirstSignInTest.BANNER_END;

  @TempDir Path folder;
  private Scene scene;
  private final Scene.Glass glass = new Scene.Glass();

  @BeforeEach
  void build() throws Exception {
    scene = new Scene(folder);
    scene.domain.joined = true;
    scene.console();
  }

  private void passwordOnlyUser() throws Exception {
    scene.domain.methods = List.of();
    assertEquals(PamCode.SUCCESS, scene.signIn("user01", "Passw0rd!").code());
    scene.domain.reachable = false;
  }

  private void multiFactorUserWithoutPin() throws Exception {
    scene.flag(Flag.NO_HELLO_PIN);
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!", "").code());
    scene.domain.reachable = false;
  }

  private void assertOutage(Scene.Seen seen) {
    assertEquals(List.of(OUTAGE, "~ PT2S"), seen.transcript());
    assertEquals(PamCode.ABORT, seen.code());
  }

  @Test
  void whereThePasswordWasEnoughItStillIs() throws Exception {
    passwordOnlyUser();
    scene.start();
    Scene.Seen seen = scene.signIn("user01", "Passw0rd!");
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
        scene.abandoned("user01", "Passw0rd"));
  }

  @Test
  void noPinIsOfferedAfterAPasswordAlone() throws Exception {
    passwordOnlyUser();
    assertTrue(scene.domain.calls.contains("begin user01"), "MFA was not forced at the console");
    assertTrue(!scene.domain.calls.contains("registerHello"));
  }

  @Test
  void twoFactorsAreNotReplacedByOne() throws Exception {
    multiFactorUserWithoutPin();
    assertOutage(scene.signIn("user02", "Passw0rd!"));
  }

  @Test
  void unlessBreakglassIsActive() throws Exception {
    scene.policies.add(glass);
    multiFactorUserWithoutPin();
    assertOutage(scene.signIn("user02", "Passw0rd!"));
    glass.active = true;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!").code());
    scene.domain.reachable = true;
    int before = glass.reconnects;
    scene.abandoned("user02");
    assertTrue(glass.reconnects > before, "the policy hears that the cloud is back");
  }

  @Test
  void breakglassIsNotRetroactive() throws Exception {
    multiFactorUserWithoutPin();
    glass.active = true;
    scene.policies.add(glass);
    assertOutage(scene.signIn("user02", "Passw0rd!"));
  }

  @Test
  void aSecondFactorOnceProvenIsNotForgotten() throws Exception {
    multiFactorUserWithoutPin();
    scene.domain.reachable = true;
    scene.domain.methods = List.of();
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!").code());
    scene.domain.reachable = false;
    assertOutage(scene.signIn("user02", "Passw0rd!"));
  }

  @Test
  void whomTheDirectoryShutOutIsOutOfflineToo() throws Exception {
    for (SignInRefused.Reason reason :
        List.of(SignInRefused.Reason.ACCOUNT_DISABLED, SignInRefused.Reason.NO_SUCH_ACCOUNT)) {
      passwordOnlyUser();
      scene.domain.reachable = true;
      scene.domain.signInRefusal = ScriptedDomain.refusal(reason, "gone");
      scene.refused("user01", "Passw0rd!");
      scene.domain.signInRefusal = null;
      scene.domain.reachable = false;
      assertOutage(scene.signIn("user01", "Passw0rd!"));
      scene.domain.reachable = true;
    }
  }

  @Test
  void guessesOfOthersTakeNobodysPasswordAway() throws Exception {
    passwordOnlyUser();
    scene.domain.reachable = true;
    scene.domain.signInRefusal =
        new SignInRefused(
            SignInRefused.Reason.ACCOUNT_DISABLED, "locked", OptionalInt.of(50053), false);
    scene.refused("user01", "Passw0rd!");
    scene.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, scene.signIn("user01", "Passw0rd!").code());
  }

  @Test
  void aSecondFactorOnceProvenIsRememberedOfWhoWasShutOut() throws Exception {
    scene.policies.add(glass);
    multiFactorUserWithoutPin();
    scene.domain.reachable = true;
    scene.domain.signInRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.ACCOUNT_DISABLED, "gone");
    scene.refused("user02", "Passw0rd!");
    scene.domain.signInRefusal = null;
    scene.policies.clear();
    scene.domain.methods = List.of();
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!").code());
    scene.domain.reachable = false;
    assertOutage(scene.signIn("user02", "Passw0rd!"));
  }

  @Test
  void whatIsForgottenOpensNothing() throws Exception {
    passwordOnlyUser();
    scene.forgetAll();
    assertOutage(scene.signIn("user01", "Passw0rd!"));
  }

  @Test
  void whoNeverWasHereStaysOut() throws Exception {
    scene.domain.reachable = false;
    assertOutage(scene.signIn("user01", "Passw0rd!"));
  }

  @Test
  void reauthenticationNeedsTheNetwork() throws Exception {
    passwordOnlyUser();
    scene.flag(Flag.FORCE_REAUTH);
    Scene.Seen seen = scene.signIn("user01", "Passw0rd!");
    assertEquals(
        "I PAM_ABORT: Re-authentication requires network connectivity."
            + FirstSignInTest.BANNER_END,
        seen.transcript().getFirst());
    assertEquals(PamCode.ABORT, seen.code());
  }

  @Test
  void theFallbackLetsInWithoutAPinAndCountsAsPasswordOnly() throws Exception {
    scene.domain.methods = List.of();
    scene.service = "sshd";
    scene.options.put("enable_sfa_fallback", true);
    Scene.Seen seen = scene.signIn("user01", "Passw0rd!");
    assertEquals(List.of(FirstSignInTest.ASK, FirstSignInTest.PASSWORD), seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
    scene.options.put("enable_sfa_fallback", false);
    assertTrue(
        scene
            .refused("user01", "Passw0rd!")
            .contains(
                "I PAM_AUTH_ERR: Authentication failed: Authentication method not supported."
                    + FirstSignInTest.BANNER_END));
  }
}
