package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disabled is not removed: nobody gets in, nothing changes, and enabled again all is as before. */
class DisabledDeviceTest {
  private static final String TEXT =
      "This computer was disabled in the directory. Please contact your administrator.";

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void build() throws Exception {
    scene = new Scene(folder);
    scene.enrolled();
    scene.domain.calls.clear();
    scene.domain.helloRefusal = ScriptedDomain.refusal(SignInRefused.Reason.DEVICE_DISABLED, TEXT);
  }

  @Test
  void itIsSaidOnceAndChangesNothing() throws Exception {
    Scene.Seen seen = scene.signIn("user02", "182736", "Passw0rd!", "");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript().contains("I PAM_AUTH_ERR: " + TEXT + FirstSignInTest.BANNER_END),
        seen.transcript().toString());
    assertFalse(scene.domain.calls.contains("leave"));
    assertFalse(scene.domain.calls.toString().contains("begin"), "no password is asked for");
    scene.domain.helloRefusal = null;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
    scene.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
  }

  @Test
  void nobodyGetsInByPullingThePlug() throws Exception {
    scene.signIn("user02", "182736");
    scene.domain.disabled = true;
    scene.domain.reachable = false;
    assertTrue(
        scene.abandoned("user02", "182736").toString().contains("disabled in the directory"));
    scene.domain.disabled = false;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code(), "nothing was deleted");
  }
}
