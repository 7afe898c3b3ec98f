package himmelblau.login.internal.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disabled device is not removed: sign-ins are refused, nothing changes, and after it is enabled
 * again everything works as before.
 */
class DisabledDeviceTest {
  private static final String TEXT =
      "This computer was disabled in the directory. Please contact your administrator.";

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.enrolled();
    fixture.domain.calls.clear();
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.DEVICE_DISABLED, TEXT);
  }

  @Test
  void itIsSaidOnceAndChangesNothing() throws Exception {
    LoginFixture.Seen seen = fixture.signIn("user02", "182736", "Passw0rd!", "");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript().contains("I PAM_AUTH_ERR: " + TEXT + FirstSignInTest.BANNER_END),
        seen.transcript().toString());
    assertFalse(fixture.domain.calls.contains("leave"));
    assertFalse(fixture.domain.calls.toString().contains("begin"), "no password is asked for");
    fixture.domain.helloRefusal = null;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
    fixture.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void disconnectingTheNetworkDoesNotBypassADisabledDevice() throws Exception {
    fixture.signIn("user02", "182736");
    fixture.domain.disabled = true;
    fixture.domain.reachable = false;
    assertTrue(
        fixture.abandoned("user02", "182736").toString().contains("disabled in the directory"));
    fixture.domain.disabled = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code(), "nothing was deleted");
  }
}
