package himmelblau.login.internal.pin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.PamCode;
import himmelblau.contract.mfa.ScriptedConversation;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** passwd. */
class PinChangeTest {
  private static final String SAID =
      "I This command changes your local Hello PIN, NOT your Entra Id password.";
  private static final String ASK = "I Use the Linux Hello PIN for this device.";

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void enrol() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.enrolled();
    fixture.console();
  }

  @Test
  void theOldPinThenTheNewOneTwice() throws Exception {
    LoginFixture.Seen seen =
        fixture.changePin("user02", "182736", "12", "new-pin", "other", "new-pin", "new-pin");
    assertEquals(
        List.of(
            SAID,
            ASK,
            "* PIN: ",
            "* New PIN: ",
            "I Chosen pin is too short! 6 chars required.",
            "~ PT2S",
            "* New PIN: ",
            "* Confirm PIN: ",
            "I Inputs did not match. Try again.",
            "~ PT2S",
            "* New PIN: ",
            "* Confirm PIN: "),
        seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "new-pin").code());
    assertTrue(
        fixture.abandoned("user02", "182736").contains("I Failed to authenticate with Hello PIN."));
  }

  @Test
  void modulesThatFollowLearnTheOldPinAndTheNewOne() throws Exception {
    LoginFixture.Seen seen = fixture.changePin("user02", "000000", "182736", "564738", "564738");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(
        List.of(
            Conversation.Kind.OLD_AUTHTOK,
            Conversation.Kind.OLD_AUTHTOK,
            Conversation.Kind.AUTHTOK,
            Conversation.Kind.PASSING),
        seen.kinds());
  }

  @Test
  void aWrongOldPinIsCounted() throws Exception {
    LoginFixture.Seen seen = fixture.changePin("user02", "1", "2", "3");
    assertEquals(
        "I Too many incorrect PIN attempts. You will need to enroll a new Linux Hello PIN.",
        seen.transcript().getLast());
    assertEquals(PamCode.MAXTRIES, seen.code());
    seen = fixture.changePin("user02", "new-pin", "new-pin", "Passw0rd!");
    assertTrue(seen.transcript().contains(FirstSignInTest.NUMBER), "lost: everything anew");
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aNewPinMayBeChosenFiveTimes() throws Exception {
    LoginFixture.Seen seen =
        fixture.changePin("user02", "182736", "1", "2", "3", "4", "5", "new-pin", "new-pin");
    assertEquals(PamCode.MAXTRIES, seen.code());
    assertEquals("I Chosen pin is too short! 6 chars required.", seen.transcript().getLast());
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code(), "the old one stays");
  }

  @Test
  void aForgottenOneIsReplacedByAFullSignIn() throws Exception {
    LoginFixture.Seen seen = fixture.changePin("user02", "", "new-pin", "new-pin", "Passw0rd!");
    assertEquals(
        List.of(
            SAID,
            ASK,
            "* PIN: ",
            "* New PIN: ",
            "* Confirm PIN: ",
            FirstSignInTest.ASK,
            FirstSignInTest.PASSWORD,
            FirstSignInTest.NUMBER),
        seen.transcript());
    assertTrue(fixture.domain.calls.getLast().equals("registerHello"));
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "new-pin").code());
  }

  @Test
  void whatFailsLeavesTheOldPin() throws Exception {
    assertEquals(
        PamCode.CRED_INSUFFICIENT,
        fixture.changePin("user02", "182736", ScriptedConversation.CANCEL).code());
    fixture.domain.brokenRegistration =
        new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "reset");
    assertEquals(
        PamCode.AUTH_ERR, fixture.changePin("user02", "182736", "new-pin", "new-pin").code());
    assertEquals(
        PamCode.AUTH_ERR, fixture.changePin("user02", "", "new-pin", "new-pin", "nonsense").code());
    fixture.domain.reachable = false;
    LoginFixture.Seen offline = fixture.changePin("user02", "182736");
    assertEquals(List.of(SAID, "I Network outage detected."), offline.transcript());
    assertEquals(PamCode.AUTH_ERR, offline.code());
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void aDirectoryThatWantsMoreThanTheOldPinGetsIt() throws Exception {
    fixture.domain.helloKind = HelloKind.LOCAL;
    fixture.domain.onFullSignIn = () -> fixture.domain.helloKind = HelloKind.REGISTERED;
    LoginFixture.Seen seen =
        fixture.changePin("user02", "182736", "new-pin", "new-pin", "Passw0rd!");
    assertEquals(
        List.of("* Confirm PIN: ", FirstSignInTest.ASK, FirstSignInTest.PASSWORD),
        seen.transcript().subList(4, 7));
    assertEquals(PamCode.SUCCESS, seen.code());
    fixture.domain.calls.clear();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "new-pin").code());
    assertEquals(List.of("hello user02"), fixture.domain.calls, "still a registered key");
  }

  @Test
  void localUsersAreLeftToPamUnix() throws Exception {
    assertEquals(PamCode.IGNORE, fixture.changePin("root").code());
    assertEquals(PamCode.IGNORE, fixture.changePin("local").code());
  }

  @Test
  void switchedOff() throws Exception {
    fixture.options.put("enable_hello", false);
    LoginFixture.Seen seen = fixture.changePin("user02");
    assertEquals(List.of("I PINs are switched off on this computer."), seen.transcript());
    assertEquals(PamCode.AUTH_ERR, seen.code());
  }
}
