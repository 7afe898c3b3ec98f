package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInRequest.Flag;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second time: only the PIN. */
class PinSignInTest {
  private static final String ASK = "I Use the Linux Hello PIN for this device.";
  private static final String PIN = "* PIN: ";
  private static final String WRONG = "I Failed to authenticate with Hello PIN.";
  private static final String LAST =
      WRONG
          + " One more failed attempt will require multi-factor authentication and will reset your"
          + " Linux Hello PIN.";
  private static final String LOST =
      "I Too many incorrect PIN attempts. You will need to enroll a new Linux Hello PIN.";

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void enrol() throws Exception {
    scene = new Scene(folder);
    scene.enrolled();
    scene.domain.calls.clear();
  }

  @Test
  void onlyThePin() throws Exception {
    scene.start();
    Scene.Seen seen = scene.signIn("user02", "182736");
    assertEquals(List.of(ASK, PIN), seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals("user02", seen.result().account());
    assertEquals(List.of("hello user02"), scene.domain.calls);
  }

  @Test
  void threeWrongPinsInOneCallEndIt() throws Exception {
    scene.console();
    Scene.Seen seen = scene.signIn("user02", "918273", "918274", "918275");
    assertEquals(
        List.of(
            ASK,
            PIN,
            "~ PT2S",
            WRONG,
            "~ PT2S",
            ASK,
            PIN,
            "~ PT4S",
            LAST,
            "~ PT2S",
            ASK,
            PIN,
            "~ PT6S",
            LOST.replace("I ", "I PAM_MAXTRIES: ") + FirstSignInTest.BANNER_END,
            "~ PT2S"),
        seen.transcript());
    assertEquals(PamCode.MAXTRIES, seen.code());
  }

  @Test
  void threeWrongPinsAtTheConsoleLeadToEverythingAnewAlsoAcrossARestart() throws Exception {
    scene.console();
    List<String> first = scene.abandoned("user02", "918273");
    assertEquals(List.of(ASK, PIN, "~ PT2S", WRONG, "~ PT2S", ASK, PIN), first);
    scene.start();
    List<String> second = scene.abandoned("user02", "918273", "918274");
    assertEquals(
        List.of(
            ASK,
            PIN,
            "~ PT4S",
            LAST,
            "~ PT2S",
            ASK,
            PIN,
            "~ PT6S",
            LOST,
            "~ PT2S",
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD),
        second);
    scene.service = "sshd";
    scene.rhost = "192.0.2.7";
    scene.flag(SignInRequest.Flag.MFA_POLL_PROMPT);
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "", "new-pin", "new-pin");
    assertEquals(
        List.of(
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD,
            FirstSignInTest.NUMBER,
            FirstSignInTest.ENTER,
            FirstSignInTest.SET_UP,
            FirstSignInTest.NEW,
            FirstSignInTest.SET_UP,
            FirstSignInTest.CONFIRM,
            FirstSignInTest.ENROLLING),
        seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "new-pin").code());
  }

  @Test
  void thePinOfOneIsNotThePinOfAnother() throws Exception {
    Scene.Seen other = scene.signIn("user01", "Passw0rd!", "", "817263", "817263");
    assertEquals(PamCode.SUCCESS, other.code());
    assertTrue(scene.abandoned("user01", "182736").contains(WRONG), "user02's PIN");
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
  }

  @Test
  void anEmptyPinAborts() throws Exception {
    Scene.Seen seen = scene.signIn("user02", "");
    assertEquals(
        "I PAM_CRED_INSUFFICIENT: No Entra Id Hello PIN was supplied." + FirstSignInTest.BANNER_END,
        seen.transcript().get(2));
    assertEquals(PamCode.ABORT, seen.code());
    assertEquals(WRONG, scene.abandoned("user02", "918273").get(3), "nothing was counted before");
  }

  @Test
  void offlineTheRightPinWorksAndAWrongOneDoesNot() throws Exception {
    scene.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
    assertEquals(
        List.of(ASK, PIN, "~ PT2S", WRONG, "~ PT2S", ASK, PIN),
        scene.abandoned("user02", "918273"));
    assertEquals(List.of(), scene.domain.calls);
  }

  @Test
  void anOfflineSignInHasAnEnd() {
    scene.domain.reachable = false;
    scene.domain.renewalAlive = false;
    assertTrue(
        scene
            .abandoned("user02", "182736")
            .contains("I Offline auth has expired. Please connect to the network to continue."));
  }

  @Test
  void afterADeadRenewalThereIsNoMoreOffline() throws Exception {
    scene.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "revoked");
    assertEquals(FirstSignInTest.PASSWORD, scene.abandoned("user02", "182736").getLast());
    scene.domain.helloRefusal = null;
    assertNothingOpensOffline();
  }

  @Test
  void whomTheDirectoryShutOutIsOutOfflineToo() throws Exception {
    for (SignInRefused.Reason reason :
        List.of(SignInRefused.Reason.ACCOUNT_DISABLED, SignInRefused.Reason.NO_SUCH_ACCOUNT)) {
      scene.domain.reachable = true;
      scene.domain.helloRefusal = ScriptedDomain.refusal(reason, "gone");
      scene.refused("user02", "182736");
      scene.domain.helloRefusal = null;
      assertNothingOpensOffline();
      scene.domain.reachable = true;
      assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code(), "and back again");
      scene.domain.reachable = false;
      assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
    }
  }

  @Test
  void whoIsLockedForGuessesOfOthersIsNotShutOut() throws Exception {
    scene.domain.helloRefusal =
        new SignInRefused(
            SignInRefused.Reason.ACCOUNT_DISABLED, "locked", OptionalInt.of(50053), false);
    scene.refused("user02", "182736");
    scene.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
  }

  private void assertNothingOpensOffline() {
    scene.domain.reachable = false;
    assertTrue(
        scene
            .abandoned("user02", "182736")
            .contains("I Offline auth has expired. Please connect to the network to continue."));
  }

  @Test
  void aNetworkLostAfterThePinIsNoReasonToStayOut() throws Exception {
    scene.domain.broken = new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "reset");
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
    assertTrue(scene.abandoned("user02", "918273").contains(WRONG), "but a wrong PIN is wrong");
  }

  @Test
  void whatTheCloudRefusesIsNoWrongPin() throws Exception {
    scene.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.OTHER, "Blocked by policy");
    Scene.Seen seen = scene.signIn("user02", "182736", "Passw0rd!", "", "182736", "182736");
    assertEquals(
        List.of(ASK, PIN, "I Blocked by policy", "~ PT2S", FirstSignInTest.ASK),
        seen.transcript().subList(0, 5));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aForgottenKeyIsRenewedUnderTheSamePin() throws Exception {
    scene.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "unknown key");
    Scene.Seen seen = scene.signIn("user02", "182736", "Passw0rd!", "");
    assertEquals(
        List.of(
            ASK,
            PIN,
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD,
            FirstSignInTest.NUMBER,
            FirstSignInTest.ENTER),
        seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
    scene.domain.helloRefusal = null;
    assertEquals(List.of(ASK, PIN), scene.signIn("user02", "182736").transcript());
  }

  @Test
  void aDeviceThatWasRemovedJoinsAgain() throws Exception {
    scene.domain.helloRefusal =
        ScriptedDomain.refusal(
            SignInRefused.Reason.DEVICE_REMOVED, "Device has been removed from the domain. 50155");
    Scene.Seen seen = scene.signIn("user02", "182736", "Passw0rd!", "", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertTrue(
        scene.domain.calls.containsAll(List.of("leave", "begin user02 mfa", "registerHello")));
  }

  @Test
  void aLocalKeyRenewsWhatItKeeps() throws Exception {
    scene.domain.helloKind = HelloKind.LOCAL;
    scene.signIn("user01", "Passw0rd!", "", "817263", "817263");
    scene.domain.calls.clear();
    assertEquals(PamCode.SUCCESS, scene.signIn("user01", "817263").code());
    assertEquals(List.of("renew user01"), scene.domain.calls);
  }

  @Test
  void aSickKeyStoreIsSaidSoAndCostsNoAttempt() throws Exception {
    scene.machine.broken = true;
    List<String> seen = scene.abandoned("user02", "918273");
    assertTrue(
        seen.toString().contains("I Authentication failed: Security hardware error."),
        seen.toString());
    assertTrue(seen.toString().contains("in lockout"), "what the key store says of it");
    scene.machine.broken = false;
    assertTrue(scene.abandoned("user02", "918273").contains(WRONG), "the first that counts");
  }

  @Test
  void aPinThatCannotBeTriedNowIsNotReplaced() throws Exception {
    scene.machine.broken = true;
    Scene.Seen seen = scene.signIn("user02", "182736", "Passw0rd!", "");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(FirstSignInTest.ENTER, seen.transcript().getLast(), "no new PIN is asked for");
    scene.machine.broken = false;
    assertEquals(List.of(ASK, PIN), scene.signIn("user02", "182736").transcript());
  }

  @Test
  void whereThePinIsNotAsked() throws Exception {
    scene.options.put("allow_remote_hello", false);
    assertPassword();
    scene.console();
    assertEquals(ASK, scene.abandoned("user02").getFirst());
    scene.flag(Flag.NO_HELLO_PIN);
    assertPassword();
    scene.console();
    scene.flag(Flag.FORCE_REAUTH);
    assertPassword();
    scene.console();
    scene.options.put("enable_hello", false);
    assertPassword();
    assertTrue(scene.domain.calls.contains("begin user02 mfa"), "without PINs there is always MFA");
  }

  private void assertPassword() {
    assertEquals(FirstSignInTest.ASK, scene.abandoned("user02").getFirst());
  }

  @Test
  void peersWhoAreNeitherRootNorThemselvesBurnNothing() throws Exception {
    scene.peer = new himmelblau.api.login.Peer(1000, 1000, 7);
    for (int i = 0; i < 4; i++) {
      assertEquals(FirstSignInTest.ASK, scene.abandoned("user02", "918273").getFirst());
    }
    assertEquals(PamCode.PERM_DENIED, scene.account("user02"));
    assertEquals(PamCode.PERM_DENIED, scene.openSession("user02"));
    assertEquals(PamCode.PERM_DENIED, scene.changePin("user02").code());
    scene.authtok = java.util.Optional.of(himmelblau.api.secret.Secret.ofText("918273"));
    scene.unseal("user02");
    scene.authtok = java.util.Optional.empty();
    scene.domain.reachable = false;
    assertEquals(PamCode.ABORT, scene.signIn("user02", "Passw0rd!").code());
    scene.domain.reachable = true;
    scene.peer = new himmelblau.api.login.Peer(MemoryDirectory.UID, MemoryDirectory.UID, 7);
    assertEquals(WRONG, scene.abandoned("user02", "918273").get(3), "the first that counts");
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code(), "a screen locker");
  }

  @Test
  void unsealingCountsAndRenews() throws Exception {
    scene.authtok = java.util.Optional.of(himmelblau.api.secret.Secret.ofText("182736"));
    scene.unseal("user02");
    assertEquals(List.of("hello user02"), scene.domain.calls);
    scene.authtok = java.util.Optional.of(himmelblau.api.secret.Secret.ofText("123"));
    scene.unseal("user02");
    scene.authtok = java.util.Optional.empty();
    assertFalse(scene.abandoned("user02", "918273").contains(LAST), "123 cannot be a PIN");
  }
}
