package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.PamCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider that signs people in without the second factor that this host has demanded. */
class DemandedTest {
  private static final String REFUSED =
      "I PAM_AUTH_ERR: " + Texts.FACTOR_MISSING + FirstSignInTest.BANNER_END;

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(folder);
    scene.domain.joined = true;
  }

  @Test
  void isNotBelieved() throws Exception {
    scene.domain.forgetsFactor = true;
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(seen.transcript().contains(REFUSED), seen.transcript().toString());
    assertTrue(scene.directory.accounts().isEmpty(), "nothing is kept of it");
  }

  @Test
  void setsNoPin() throws Exception {
    scene.domain.forgetsFactor = true;
    Scene.Seen seen = scene.changePin("user02", "182736", "182736", "Passw0rd!");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertFalse(scene.domain.calls.contains("registerHello"));
  }

  @Test
  void isGoodEnoughWhereNoneWasDemanded() throws Exception {
    scene.console();
    scene.domain.forgetsFactor = true;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!").code());
  }

  @Test
  void isGoodEnoughWhereTheAdministratorSaysSo() throws Exception {
    scene.options.put("enable_sfa_fallback", true);
    scene.domain.forgetsFactor = true;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!").code());
    assertFalse(scene.domain.calls.contains("registerHello"), "but for no PIN");
  }

  @Test
  void isNotBelievedAfterThePinEither() throws Exception {
    scene.enrolled();
    scene.domain.helloMultiFactor = false;
    scene.domain.calls.clear();
    assertEquals(FirstSignInTest.PASSWORD, scene.abandoned("user02", "182736").getLast());
    scene.domain.forgetsFactor = true;
    assertTrue(scene.refused("user02", "182736", "Passw0rd!").contains(REFUSED));
    scene.domain.forgetsFactor = false;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736", "Passw0rd!", "").code());
    assertTrue(scene.domain.calls.containsAll(List.of("hello user02", "begin user02 mfa")));
    scene.console();
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code(), "none demanded here");
  }
}
