package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.Unlocked;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that the directory threw out opens to nobody offline: it may be stolen. */
class RemovedDeviceTest {
  private static final SignInRefused REMOVED =
      ScriptedDomain.refusal(SignInRefused.Reason.DEVICE_REMOVED, "Device has been removed");
  private static final UUID ELSEWHERE = UUID.fromString("00000000-0000-0000-0000-00000000000e");

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void build() throws Exception {
    scene = new Scene(folder);
    scene.enrolled();
    scene.signIn("user01", "Passw0rd!", "", "817263", "817263");
    assertOpensOffline("user01", "817263");
  }

  private void assertOpensOffline(String user, String answer) throws Exception {
    scene.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, scene.signIn(user, answer).code());
    scene.domain.reachable = true;
  }

  private void assertPinOpensNothing(String user, String pin) {
    scene.domain.reachable = false;
    assertTrue(
        scene
            .abandoned(user, pin)
            .contains("I Offline auth has expired. Please connect to the network to continue."));
    scene.domain.reachable = true;
  }

  /** User02 hears it, and goes away; or signs in and so joins the host again. */
  private void removed(boolean joinsAgain) throws Exception {
    scene.domain.helloRefusal = REMOVED;
    if (joinsAgain) {
      assertEquals(
          PamCode.SUCCESS,
          scene.signIn("user02", "182736", "Passw0rd!", "", "182736", "182736").code());
    } else {
      scene.abandoned("user02", "182736");
    }
    scene.domain.helloRefusal = null;
  }

  @Test
  void nobodysPinOpensItOffline() throws Exception {
    removed(false);
    assertPinOpensNothing("user01", "817263");
    scene.start();
    assertPinOpensNothing("user01", "817263");
  }

  @Test
  void noPinOfBeforeOutlastsTheNextJoin() throws Exception {
    removed(true);
    assertOpensOffline("user02", "182736");
    assertPinOpensNothing("user01", "817263");
    assertEquals(PamCode.SUCCESS, scene.signIn("user01", "817263").code(), "online it is good");
    assertOpensOffline("user01", "817263");
  }

  @Test
  void noPasswordOfBeforeOutlastsIt() throws Exception {
    scene.console();
    scene.flag(Flag.NO_HELLO_PIN);
    Scene.Glass glass = new Scene.Glass();
    glass.active = true;
    scene.policies.add(glass);
    scene.signIn("user01", "Passw0rd!", "");
    assertOpensOffline("user01", "Passw0rd!");
    scene.flags = Set.of();
    removed(false);
    scene.flag(Flag.NO_HELLO_PIN);
    assertOutage("user01");
    scene.flags = Set.of();
    assertEquals(
        PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!", "", "182736", "182736").code());
    scene.flag(Flag.NO_HELLO_PIN);
    assertOutage("user01");
    scene.signIn("user01", "Passw0rd!", "");
    assertOpensOffline("user01", "Passw0rd!");
  }

  private void assertOutage(String user) throws Exception {
    scene.domain.reachable = false;
    assertEquals(PamCode.ABORT, scene.signIn(user, "Passw0rd!").code());
    scene.domain.reachable = true;
  }

  /** The provider has forgotten the device, and the daemon was killed before more was done. */
  @Test
  void killedInBetweenItIsTheSame() throws Exception {
    scene.domain.joined = false;
    scene.start();
    assertPinOpensNothing("user01", "817263");
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!", "").code(), "joins again");
    assertTrue(scene.domain.joined);
    assertPinOpensNothing("user01", "817263");
  }

  @Test
  void aNewPinThatJoinsTheHostAgainIsNoWayRound() throws Exception {
    scene.domain.joined = false;
    assertEquals(
        PamCode.SUCCESS,
        scene.changePin("user02", "", "new-pin", "new-pin", "Passw0rd!", "").code());
    assertTrue(scene.domain.joined);
    assertPinOpensNothing("user01", "817263");
  }

  @Test
  void heardWhileUnsealingItIsTheSame() throws Exception {
    scene.domain.helloRefusal = REMOVED;
    scene.authtok = Optional.of(Secret.ofText("182736"));
    scene.unseal("user02");
    scene.authtok = Optional.empty();
    scene.domain.helloRefusal = null;
    assertFalse(scene.domain.joined);
    assertPinOpensNothing("user01", "817263");
  }

  @Test
  void aDomainThatStillHasTheHostIsSpared() throws Exception {
    AccountName name = new AccountName("eve", "example.net");
    scene.directory.record(
        new DirectoryUser(
            name, Optional.of(ELSEWHERE), Optional.of("other"), "", PosixAttributes.NONE),
        Optional.empty());
    Hello hello = scene.host.hello().orElseThrow();
    Secret pin = Secret.ofText("918273");
    try (Unlocked key = hello.enrol(name, ELSEWHERE, pin, k -> HelloKind.REGISTERED);
        Secret renewal = Secret.ofText("renewal")) {
      key.write(Unlocked.Item.RENEWAL, renewal);
    }
    removed(true);
    try (Unlocked key = hello.unlock(name, pin)) {
      assertTrue(key.read(Unlocked.Item.RENEWAL).isPresent());
    }
  }

  @Test
  void aSignInThatIsUnderWayPutsNothingBack() throws Exception {
    AccountName name = new AccountName("user01", "example.org");
    Hello hello = scene.host.hello().orElseThrow();
    try (Unlocked key = hello.unlock(name, Secret.ofText("817263"));
        Secret renewal = Secret.ofText("from before")) {
      removed(true);
      key.write(Unlocked.Item.RENEWAL, renewal);
    }
    assertPinOpensNothing("user01", "817263");
  }
}
