package himmelblau.login.internal.pin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.MemoryDirectory;
import himmelblau.login.internal.ScriptedDomain;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second sign-in: only the PIN. */
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
  private LoginFixture fixture;

  @BeforeEach
  void enrol() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.enrolled();
    fixture.domain.calls.clear();
  }

  @Test
  void onlyThePin() throws Exception {
    fixture.start();
    LoginFixture.Seen seen = fixture.signIn("user02", "182736");
    assertEquals(List.of(ASK, PIN), seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals("user02", seen.result().account());
    assertEquals(List.of("hello user02"), fixture.domain.calls);
  }

  @Test
  void threeWrongPinsInOneCallEndIt() throws Exception {
    fixture.console();
    LoginFixture.Seen seen = fixture.signIn("user02", "918273", "918274", "918275");
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
  void threeWrongPinsAtTheConsoleRequireANewEnrolmentAlsoAfterARestart() throws Exception {
    fixture.console();
    List<String> first = fixture.abandoned("user02", "918273");
    assertEquals(List.of(ASK, PIN, "~ PT2S", WRONG, "~ PT2S", ASK, PIN), first);
    fixture.start();
    List<String> second = fixture.abandoned("user02", "918273", "918274");
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
    fixture.service = "sshd";
    fixture.rhost = "192.0.2.7";
    fixture.flag(SignInRequest.Flag.MFA_POLL_PROMPT);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "new-pin", "new-pin");
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
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "new-pin").code());
  }

  @Test
  void thePinOfOneIsNotThePinOfAnother() throws Exception {
    LoginFixture.Seen other = fixture.signIn("user01", "Passw0rd!", "", "817263", "817263");
    assertEquals(PamCode.SUCCESS, other.code());
    assertTrue(fixture.abandoned("user01", "182736").contains(WRONG), "user02's PIN");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void anEmptyPinAborts() throws Exception {
    LoginFixture.Seen seen = fixture.signIn("user02", "");
    assertEquals(
        "I PAM_CRED_INSUFFICIENT: No Entra Id Hello PIN was supplied." + FirstSignInTest.BANNER_END,
        seen.transcript().get(2));
    assertEquals(PamCode.ABORT, seen.code());
    assertEquals(WRONG, fixture.abandoned("user02", "918273").get(3), "nothing was counted before");
  }

  @Test
  void offlineTheRightPinWorksAndAWrongOneDoesNot() throws Exception {
    fixture.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
    assertEquals(
        List.of(ASK, PIN, "~ PT2S", WRONG, "~ PT2S", ASK, PIN),
        fixture.abandoned("user02", "918273"));
    assertEquals(List.of(), fixture.domain.calls);
  }

  @Test
  void anOfflineSignInHasAnEnd() {
    fixture.domain.reachable = false;
    fixture.domain.renewalAlive = false;
    assertTrue(
        fixture
            .abandoned("user02", "182736")
            .contains("I Offline auth has expired. Please connect to the network to continue."));
  }

  @Test
  void afterADeadRenewalThereIsNoMoreOffline() throws Exception {
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "revoked");
    assertEquals(FirstSignInTest.PASSWORD, fixture.abandoned("user02", "182736").getLast());
    fixture.domain.helloRefusal = null;
    assertNothingOpensOffline();
  }

  @Test
  void anAccountDisabledInTheDirectoryIsRefusedOffline() throws Exception {
    for (SignInRefused.Reason reason :
        List.of(SignInRefused.Reason.ACCOUNT_DISABLED, SignInRefused.Reason.NO_SUCH_ACCOUNT)) {
      fixture.domain.reachable = true;
      fixture.domain.helloRefusal = ScriptedDomain.refusal(reason, "gone");
      fixture.refused("user02", "182736");
      fixture.domain.helloRefusal = null;
      assertNothingOpensOffline();
      fixture.domain.reachable = true;
      assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code(), "and back again");
      fixture.domain.reachable = false;
      assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
    }
  }

  @Test
  void aPinLockedByOthersStillWorksForItsOwner() throws Exception {
    fixture.domain.helloRefusal =
        new SignInRefused(
            SignInRefused.Reason.ACCOUNT_LOCKED, "locked", Optional.of("E-17"), false);
    fixture.refused("user02", "182736");
    fixture.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  private void assertNothingOpensOffline() {
    fixture.domain.reachable = false;
    assertTrue(
        fixture
            .abandoned("user02", "182736")
            .contains("I Offline auth has expired. Please connect to the network to continue."));
  }

  @Test
  void aNetworkLostAfterThePinIsNoReasonToStayOut() throws Exception {
    fixture.domain.broken = new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "reset");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
    assertTrue(fixture.abandoned("user02", "918273").contains(WRONG), "but a wrong PIN is wrong");
  }

  @Test
  void whatTheCloudRefusesIsNoWrongPin() throws Exception {
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.OTHER, "Blocked by policy");
    LoginFixture.Seen seen =
        fixture.signIn("user02", "182736", "Passw0rd!", "", "182736", "182736");
    assertEquals(
        List.of(ASK, PIN, "I Blocked by policy", "~ PT2S", FirstSignInTest.ASK),
        seen.transcript().subList(0, 5));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aForgottenKeyIsRenewedUnderTheSamePin() throws Exception {
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "unknown key");
    LoginFixture.Seen seen = fixture.signIn("user02", "182736", "Passw0rd!", "");
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
    fixture.domain.helloRefusal = null;
    assertEquals(List.of(ASK, PIN), fixture.signIn("user02", "182736").transcript());
  }

  @Test
  void aDeviceThatWasRemovedJoinsAgain() throws Exception {
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(
            SignInRefused.Reason.DEVICE_REMOVED, "Device has been removed from the domain. 50155");
    LoginFixture.Seen seen =
        fixture.signIn("user02", "182736", "Passw0rd!", "", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertTrue(
        fixture.domain.calls.containsAll(List.of("leave", "begin user02 mfa", "registerHello")));
  }

  @Test
  void aLocalKeyRenewsWhatItKeeps() throws Exception {
    fixture.domain.helloKind = HelloKind.LOCAL;
    fixture.signIn("user01", "Passw0rd!", "", "817263", "817263");
    fixture.domain.calls.clear();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "817263").code());
    assertEquals(List.of("renew user01"), fixture.domain.calls);
  }

  @Test
  void aSickKeyStoreIsSaidSoAndCostsNoAttempt() throws Exception {
    fixture.machine.broken = true;
    List<String> seen = fixture.abandoned("user02", "918273");
    assertTrue(
        seen.toString().contains("I Authentication failed: Security hardware error."),
        seen.toString());
    assertTrue(seen.toString().contains("in lockout"), "what the key store says of it");
    fixture.machine.broken = false;
    assertTrue(fixture.abandoned("user02", "918273").contains(WRONG), "the first that counts");
  }

  @Test
  void aPinThatCannotBeTriedNowIsNotReplaced() throws Exception {
    fixture.machine.broken = true;
    LoginFixture.Seen seen = fixture.signIn("user02", "182736", "Passw0rd!", "");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(FirstSignInTest.ENTER, seen.transcript().getLast(), "no new PIN is asked for");
    fixture.machine.broken = false;
    assertEquals(List.of(ASK, PIN), fixture.signIn("user02", "182736").transcript());
  }

  @Test
  void whereThePinIsNotAsked() throws Exception {
    fixture.options.put("allow_remote_hello", false);
    assertPassword();
    fixture.console();
    assertEquals(ASK, fixture.abandoned("user02").getFirst());
    fixture.flag(Flag.NO_HELLO_PIN);
    assertPassword();
    fixture.console();
    fixture.flag(Flag.FORCE_REAUTH);
    assertPassword();
    fixture.console();
    fixture.options.put("enable_hello", false);
    assertPassword();
    assertTrue(
        fixture.domain.calls.contains("begin user02 mfa"), "without PINs there is always MFA");
  }

  private void assertPassword() {
    assertEquals(FirstSignInTest.ASK, fixture.abandoned("user02").getFirst());
  }

  @Test
  void otherPeersDoNotUseUpPinAttempts() throws Exception {
    fixture.peer = new himmelblau.api.login.Peer(1000, 1000, 7);
    for (int i = 0; i < 4; i++) {
      assertEquals(FirstSignInTest.ASK, fixture.abandoned("user02", "918273").getFirst());
    }
    assertEquals(PamCode.PERM_DENIED, fixture.account("user02"));
    assertEquals(PamCode.PERM_DENIED, fixture.openSession("user02"));
    assertEquals(PamCode.PERM_DENIED, fixture.changePin("user02").code());
    fixture.authtok = java.util.Optional.of(himmelblau.api.secret.Secret.ofText("918273"));
    fixture.unseal("user02");
    fixture.authtok = java.util.Optional.empty();
    fixture.domain.reachable = false;
    assertEquals(PamCode.ABORT, fixture.signIn("user02", "Passw0rd!").code());
    fixture.domain.reachable = true;
    fixture.peer = new himmelblau.api.login.Peer(MemoryDirectory.UID, MemoryDirectory.UID, 7);
    assertEquals(WRONG, fixture.abandoned("user02", "918273").get(3), "the first that counts");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code(), "a screen locker");
  }

  @Test
  void unsealingCountsAttemptsAndRenews() throws Exception {
    fixture.authtok = java.util.Optional.of(himmelblau.api.secret.Secret.ofText("182736"));
    fixture.unseal("user02");
    assertEquals(List.of("hello user02"), fixture.domain.calls);
    fixture.authtok = java.util.Optional.of(himmelblau.api.secret.Secret.ofText("123"));
    fixture.unseal("user02");
    fixture.authtok = java.util.Optional.empty();
    assertFalse(fixture.abandoned("user02", "918273").contains(LAST), "123 cannot be a PIN");
  }

  @Test
  void passwordsOfAnotherModuleDoNotUseUpPinAttempts() throws Exception {
    for (int i = 0; i < 4; i++) {
      fixture.authtok =
          java.util.Optional.of(himmelblau.api.secret.Secret.ofText("Passw0rd of another"));
      fixture.unseal("user02");
    }
    fixture.authtok = java.util.Optional.empty();
    assertEquals(List.of(), fixture.domain.calls);
    assertEquals(WRONG, fixture.abandoned("user02", "918273").get(3), "the first that counts");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }
}
