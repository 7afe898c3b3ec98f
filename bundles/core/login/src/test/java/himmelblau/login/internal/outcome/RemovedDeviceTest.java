package himmelblau.login.internal.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import himmelblau.testing.doubles.CapturedLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that was removed from the directory refuses offline sign-ins: it may be stolen. */
class RemovedDeviceTest {
  private static final SignInRefused REMOVED =
      ScriptedDomain.refusal(SignInRefused.Reason.DEVICE_REMOVED, "Device has been removed");
  private static final UUID ELSEWHERE = UUID.fromString("00000000-0000-0000-0000-00000000000e");

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.enrolled();
    fixture.signIn("user01", "Passw0rd!", "", "817263", "817263");
    assertOpensOffline("user01", "817263");
  }

  private void assertOpensOffline(String user, String answer) throws Exception {
    fixture.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn(user, answer).code());
    fixture.domain.reachable = true;
  }

  private void assertPinOpensNothing(String user, String pin) {
    fixture.domain.reachable = false;
    assertTrue(
        fixture
            .abandoned(user, pin)
            .contains("I Offline auth has expired. Please connect to the network to continue."));
    fixture.domain.reachable = true;
  }

  /** User02 hears it, and goes away; or signs in and so joins the host again. */
  private void removed(boolean joinsAgain) throws Exception {
    fixture.domain.helloRefusal = REMOVED;
    if (joinsAgain) {
      assertEquals(
          PamCode.SUCCESS,
          fixture.signIn("user02", "182736", "Passw0rd!", "", "182736", "182736").code());
    } else {
      fixture.abandoned("user02", "182736");
    }
    fixture.domain.helloRefusal = null;
  }

  @Test
  void noPinSignsInOffline() throws Exception {
    removed(false);
    assertPinOpensNothing("user01", "817263");
    fixture.start();
    assertPinOpensNothing("user01", "817263");
  }

  @Test
  void noPinOfBeforeOutlastsTheNextJoin() throws Exception {
    removed(true);
    assertOpensOffline("user02", "182736");
    assertPinOpensNothing("user01", "817263");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "817263").code(), "online it is good");
    assertOpensOffline("user01", "817263");
  }

  @Test
  void noPasswordOfBeforeOutlastsIt() throws Exception {
    fixture.console();
    fixture.flag(Flag.NO_HELLO_PIN);
    LoginFixture.ScriptedBreakglass breakglass = new LoginFixture.ScriptedBreakglass();
    breakglass.active = true;
    fixture.policies.add(breakglass);
    fixture.signIn("user01", "Passw0rd!", "");
    assertOpensOffline("user01", "Passw0rd!");
    fixture.flags = Set.of();
    removed(false);
    fixture.flag(Flag.NO_HELLO_PIN);
    assertOutage("user01");
    fixture.flags = Set.of();
    assertEquals(
        PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "", "182736", "182736").code());
    fixture.flag(Flag.NO_HELLO_PIN);
    assertOutage("user01");
    fixture.signIn("user01", "Passw0rd!", "");
    assertOpensOffline("user01", "Passw0rd!");
  }

  private void assertOutage(String user) throws Exception {
    fixture.domain.reachable = false;
    assertEquals(PamCode.ABORT, fixture.signIn(user, "Passw0rd!").code());
    fixture.domain.reachable = true;
  }

  @Test
  void itsEndIsAnEventOfItsOwnOnlyWhenSomethingEnds() throws Exception {
    try (CapturedLog log = new CapturedLog("himmelblau")) {
      removed(false);
      assertEquals(List.of("hello.offline_ended", "login.offline_ended"), ends(log));
      fixture.domain.joined = false;
      fixture.abandoned("user01", "817263");
      fixture.abandoned("user01", "817263");
      assertEquals(2, ends(log).size(), "nothing was left that could end");
    }
  }

  private static List<String> ends(CapturedLog log) {
    return log.lines().stream()
        .map(line -> line.split(" ", 2)[0])
        .filter(event -> event.endsWith(".offline_ended"))
        .toList();
  }

  /** The provider has forgotten the device, and the daemon was killed before more was done. */
  @Test
  void killedInBetweenItIsTheSame() throws Exception {
    fixture.domain.joined = false;
    fixture.start();
    assertPinOpensNothing("user01", "817263");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "").code(), "joins again");
    assertTrue(fixture.domain.joined);
    assertPinOpensNothing("user01", "817263");
  }

  @Test
  void aNewPinThatJoinsTheHostAgainIsNoWayRound() throws Exception {
    fixture.domain.joined = false;
    assertEquals(
        PamCode.SUCCESS,
        fixture.changePin("user02", "", "new-pin", "new-pin", "Passw0rd!", "").code());
    assertTrue(fixture.domain.joined);
    assertPinOpensNothing("user01", "817263");
  }

  @Test
  void heardWhileUnsealingItIsTheSame() throws Exception {
    fixture.domain.helloRefusal = REMOVED;
    fixture.authtok = Optional.of(Secret.ofText("182736"));
    fixture.unseal("user02");
    fixture.authtok = Optional.empty();
    fixture.domain.helloRefusal = null;
    assertFalse(fixture.domain.joined);
    assertPinOpensNothing("user01", "817263");
  }

  @Test
  void aDomainThatStillHasTheHostIsSpared() throws Exception {
    AccountName name = new AccountName("eve", "example.net");
    fixture.directory.record(
        new DirectoryUser(
            name, Optional.of(ELSEWHERE), Optional.of("other"), "", PosixAttributes.NONE),
        Optional.empty());
    Hello hello = fixture.environment.hello().orElseThrow();
    Secret pin = Secret.ofText("918273");
    try (UnlockedKey key = hello.enrol(name, ELSEWHERE, pin, k -> HelloKind.REGISTERED);
        Secret renewal = Secret.ofText("renewal")) {
      key.write(UnlockedKey.Item.RENEWAL, renewal);
    }
    removed(true);
    try (UnlockedKey key = hello.unlock(name, pin)) {
      assertTrue(key.read(UnlockedKey.Item.RENEWAL).isPresent());
    }
  }

  @Test
  void aSignInThatIsUnderWayPutsNothingBack() throws Exception {
    AccountName name = new AccountName("user01", "example.org");
    Hello hello = fixture.environment.hello().orElseThrow();
    try (UnlockedKey key = hello.unlock(name, Secret.ofText("817263"));
        Secret renewal = Secret.ofText("from before")) {
      removed(true);
      key.write(UnlockedKey.Item.RENEWAL, renewal);
    }
    assertPinOpensNothing("user01", "817263");
  }
}
