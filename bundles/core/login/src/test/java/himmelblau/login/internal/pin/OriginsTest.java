package himmelblau.login.internal.pin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinState;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong PINs of other users block the PIN for those users only. */
class OriginsTest {
  private static final String WRONG = "100200";
  private static final String BLOCKED =
      "I Too many incorrect PIN attempts from here. Sign in with multi-factor authentication to use"
          + " the Linux Hello PIN here again.";

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void enrolled() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.enrolled();
  }

  private PinState pin() {
    return fixture
        .hellos
        .find(SignInEnvironment.HELLO)
        .orElseThrow()
        .state(new AccountName("user02", "example.org"));
  }

  private void threeWrong() throws Exception {
    for (int i = 0; i < 3; i++) {
      fixture.abandoned("user02", WRONG);
    }
  }

  private void remote() {
    fixture.service = "sshd";
    fixture.rhost = "192.0.2.7";
  }

  private void su(long caller) {
    fixture.console();
    fixture.service = "su";
    fixture.caller = caller;
  }

  private void assertPinWorks() throws Exception {
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void fromRemote() throws Exception {
    threeWrong();
    assertFalse(fixture.abandoned("user02").contains("* PIN: "), "no PIN over the network");
    fixture.console();
    assertEquals(PinState.READY, pin());
    assertPinWorks();
    remote();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "").code());
    assertPinWorks();
  }

  @Test
  void aPasswordAloneDoesNotOpenItAgain() throws Exception {
    threeWrong();
    fixture.console();
    fixture.domain.methods = List.of();
    fixture.flag(Flag.NO_HELLO_PIN);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
    assertEquals(
        PinState.BLOCKED,
        fixture
            .hellos
            .find(SignInEnvironment.HELLO)
            .orElseThrow()
            .state(new AccountName("user02", "example.org"), PinOrigin.REMOTE));
  }

  @Test
  void byAnotherLocalUser() throws Exception {
    su(1000);
    threeWrong();
    assertFalse(fixture.abandoned("user02").contains("* PIN: "));
    su(fixture.directory.accounts().getFirst().passwd().uid());
    assertPinWorks();
    su(0);
    assertPinWorks();
    remote();
    assertPinWorks();
  }

  @Test
  void theThirdIsToldSo() throws Exception {
    LoginFixture.Seen ended = fixture.signIn("user02", WRONG, "100201", "100202");
    List<String> seen = ended.transcript();
    assertEquals(PamCode.MAXTRIES, ended.code());
    assertTrue(
        seen.contains(BLOCKED.replaceFirst("I ", "I PAM_MAXTRIES: ") + FirstSignInTest.BANNER_END),
        seen.toString());
    assertFalse(seen.toString().contains("will reset"), seen.toString());
  }

  @Test
  void onesOwnAttemptsDestroyThePin() throws Exception {
    su(fixture.directory.accounts().getFirst().passwd().uid());
    threeWrong();
    assertEquals(PinState.LOCKED, pin());
  }
}
