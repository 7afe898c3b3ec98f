package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.hello.PinState;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.secret.Secret;
import himmelblau.contract.mfa.ScriptedConversation;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first sign-in of an unknown user over SSH: the exact transcript. */
public class FirstSignInTest {
  public static final String ASK =
      "I Use the password for your Office 365 or Microsoft online login.";
  public static final String PASSWORD = "* Entra Id Password: ";
  public static final String NUMBER =
      "I Open your Authenticator app, and enter the number '11' to sign in.\n"
          + "No push? Check your mobile device's internet connection.";
  public static final String ENTER = "* Press enter to continue";
  public static final String SET_UP =
      "I Set up a PIN\n"
          + "A Hello PIN is a fast, secure way to sign in to your device, apps, and services.\n"
          + "The minimum PIN length is 6 characters.";
  public static final String NEW = "* New PIN: ";
  public static final String CONFIRM = "* Confirm PIN: ";
  public static final String ENROLLING = "I Enrolling the Hello PIN. Please wait...";
  public static final String BANNER_END =
      "\nIf you are now prompted for a password from pam_unix, please disregard the prompt, go back"
          + " and try again.";

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
  }

  private PinState pin() {
    return fixture
        .hellos
        .find(SignInEnvironment.HELLO)
        .orElseThrow()
        .state(new AccountName("user02", "example.org"));
  }

  @Test
  void tasksOfTheSessionAreAnnouncedAtTheBeginning() throws Exception {
    fixture.abandoned("user02");
    assertEquals(1, fixture.prepared);
    fixture.signIn("root", "");
    assertEquals(1, fixture.prepared, "not for accounts of this host");
  }

  @Test
  void passwordNumberMatchAndPin() throws Exception {
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals(
        List.of(ASK, PASSWORD, NUMBER, ENTER, SET_UP, NEW, SET_UP, CONFIRM, ENROLLING),
        seen.transcript());
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals("user02", seen.result().account());
    assertEquals(
        List.of(
            Conversation.Kind.AUTHTOK,
            Conversation.Kind.PASSING,
            Conversation.Kind.AUTHTOK,
            Conversation.Kind.PASSING),
        seen.kinds());
    assertTrue(fixture.domain.calls.contains("begin user02 mfa"), "joining needs MFA");
    assertEquals(PinState.READY, pin());
  }

  @Test
  void wrongPasswordStartsOver() throws Exception {
    LoginFixture.Seen seen =
        fixture.signIn("user02", "nonsense", "Passw0rd!", "", "182736", "182736");
    assertEquals(
        List.of(ASK, PASSWORD, "I Invalid username or password", "~ PT2S", ASK, PASSWORD, NUMBER),
        seen.transcript().subList(0, 7));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void aDeniedOrSilentPhoneStartsOverAndLeavesNothing() {
    fixture.domain.phone = Progress.DENIED;
    assertEquals(
        List.of(
            ASK,
            PASSWORD,
            NUMBER,
            ENTER,
            "I Authentication failed. Please try again.",
            "~ PT2S",
            ASK,
            PASSWORD),
        fixture.abandoned("user02", "Passw0rd!", ""));
    fixture.domain.phone = Progress.PENDING;
    List<String> silent = fixture.abandoned("user02", "Passw0rd!", "");
    assertTrue(silent.contains("I Authentication timed out. Please try again."), silent.toString());
    assertFalse(fixture.domain.joined);
    assertTrue(fixture.directory.accounts().isEmpty());
    assertEquals(PinState.NONE, pin());
  }

  @Test
  void pinsThatDoNotDo() throws Exception {
    LoginFixture.Seen seen =
        fixture.signIn(
            "user02", "Passw0rd!", "", "1234", "123456", "182736", "182737", "182736", "182736");
    assertEquals(
        List.of(
            SET_UP,
            NEW,
            "I Chosen pin is too short! 6 chars required.",
            "~ PT2S",
            SET_UP,
            NEW,
            "I PIN must not use repeating or predictable sequences."
                + " Avoid patterns like '111111', '123456', or '135791'.",
            "~ PT2S",
            SET_UP,
            NEW,
            SET_UP,
            CONFIRM,
            "I Inputs did not match. Try again.",
            "~ PT2S",
            SET_UP,
            NEW,
            SET_UP,
            CONFIRM,
            ENROLLING),
        seen.transcript().subList(4, seen.transcript().size()));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void cancellingShowsTheBannerAndAborts() throws Exception {
    LoginFixture.Seen seen = fixture.signIn("user02", ScriptedConversation.CANCEL);
    assertEquals(
        List.of(
            ASK,
            PASSWORD,
            "I PAM_CRED_INSUFFICIENT: No Entra Id password was supplied." + BANNER_END,
            "~ PT2S"),
        seen.transcript());
    assertEquals(PamCode.ABORT, seen.code());
    LoginFixture.Seen atPin =
        fixture.signIn("user02", "Passw0rd!", "", ScriptedConversation.CANCEL);
    assertTrue(
        atPin
            .transcript()
            .contains("I PAM_CRED_INSUFFICIENT: No Entra Id Hello PIN was supplied." + BANNER_END));
    assertEquals(PamCode.ABORT, atPin.code());
    assertEquals(PinState.NONE, pin());
  }

  @Test
  void anEnrolmentThatTheDirectoryRefusesIsTriedAgainThenLetBe() throws Exception {
    fixture.domain.brokenRegistration =
        new DomainUnavailable(DomainUnavailable.Kind.TEMPORARY, "HTTP 500");
    LoginFixture.Seen seen =
        fixture.signIn(
            "user02", "Passw0rd!", "", "182736", "182736", "182736", "182736", "182736", "182736");
    assertTrue(
        seen.transcript()
            .contains(
                "I Failed to provision hello key: HTTP 500\n"
                    + "Create a PIN to use in place of passwords."));
    assertEquals("I PIN setup failed. Please try signing in again.", seen.transcript().getLast());
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(PinState.NONE, pin());
  }

  @Test
  void whatAnotherModuleLeftIsUsedOnce() throws Exception {
    fixture.authtok = Optional.of(Secret.ofText("nonsense"));
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals(
        List.of("I Invalid username or password", "~ PT2S", ASK, PASSWORD),
        seen.transcript().subList(0, 4));
    assertEquals(PamCode.SUCCESS, seen.code());
  }

  @Test
  void noInfoPromptIsOneMessage() throws Exception {
    fixture.flag(Flag.NO_INFO_PROMPT);
    LoginFixture.Seen seen = fixture.signIn("user02", ScriptedConversation.CANCEL);
    assertEquals(
        "* Use the password for your Office 365 or Microsoft online login.\nEntra Id Password: ",
        seen.transcript().getFirst());
  }

  @Test
  void aNewPasswordMayBeChosenFiveTimes() throws Exception {
    fixture.domain.expiredPassword = true;
    LoginFixture.Seen seen =
        fixture.signIn("user02", "Passw0rd!", "1", "2", "3", "4", "5", "Better-1!", "Better-1!");
    assertEquals(PamCode.MAXTRIES, seen.code());
    assertFalse(fixture.domain.secrets.contains("Better-1!"), "nothing is asked for after that");
  }

  @Test
  void anExpiredPasswordIsReplaced() throws Exception {
    fixture.domain.expiredPassword = true;
    String text =
        "I Update your password\nYou need to update your password because this is\n"
            + "the first time you are signing in, or because your\npassword has expired.";
    LoginFixture.Seen seen =
        fixture.signIn(
            "user02",
            "Passw0rd!",
            "short",
            "Passw0rd!",
            "Passw0rd!",
            "Better-1!",
            "Better-2!",
            "Better-1!",
            "Better-1!",
            "",
            "182736",
            "182736");
    assertEquals(
        List.of(
            ASK,
            PASSWORD,
            text,
            "* New password: ",
            "I Chosen password is too short! 8 chars required.",
            text,
            "* New password: ",
            text,
            "* Confirm password: ",
            "I Changing the password. Please wait...",
            "I Failed to change user password: used before",
            text,
            "* New password: ",
            text,
            "* Confirm password: ",
            "I Inputs did not match. Try again.",
            "~ PT2S"),
        seen.transcript().subList(0, 17));
    assertEquals(PamCode.SUCCESS, seen.code());
  }
}
