package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.hello.State;
import himmelblau.api.login.PamCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody gets a session under a uid, or with what belongs to one, that is not theirs. */
class AgreedIdentityTest {
  private static final AccountName USER02 = new AccountName("user02", "example.org");

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(folder);
  }

  private State pin() {
    return scene.hellos.find(Host.HELLO).orElseThrow().state(USER02);
  }

  private static DirectoryUser user(AccountName name, UUID id) {
    return new DirectoryUser(
        name, Optional.of(id), Optional.of("tenant"), "", PosixAttributes.NONE);
  }

  @Test
  void aUidThatBecameKnownDuringTheSignInIsForTheNextOne() throws Exception {
    scene.directory.record(DirectoryUser.provisional(USER02), Optional.empty());
    scene.directory.uid = 5001;
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_AUTH_ERR: "
                    + "Your user id on this computer has just become known."
                    + " Please sign in once more."
                    + FirstSignInTest.BANNER_END),
        seen.transcript().toString());
    assertEquals(State.READY, pin(), "nothing of it was for nothing");
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
  }

  @Test
  void alsoWithAPin() throws Exception {
    scene.enrolled();
    scene.directory.uid = 5001;
    assertEquals(PamCode.AUTH_ERR, scene.signIn("user02", "182736").code());
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
  }

  @Test
  void alsoOffline() throws Exception {
    scene.domain.joined = true;
    scene.domain.methods = List.of();
    scene.console();
    assertEquals(PamCode.SUCCESS, scene.signIn("user01", "Passw0rd!").code());
    scene.domain.reachable = false;
    scene.domain.meanwhile = () -> changeUid("user01", 5001);
    assertEquals(PamCode.AUTH_ERR, scene.signIn("user01", "Passw0rd!").code());
    assertEquals(PamCode.SUCCESS, scene.signIn("user01", "Passw0rd!").code());
  }

  private void changeUid(String local, long uid) {
    AccountName name = new AccountName(local, "example.org");
    UUID id = scene.directory.account(name).flatMap(Account::objectId).orElseThrow();
    scene.directory.uid = uid;
    try {
      scene.directory.record(user(name, id), Optional.empty());
    } catch (DirectoryConflict e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theCachedPasswordOfTheAccountBeforeOpensNothing() throws Exception {
    scene.domain.joined = true;
    scene.domain.methods = List.of();
    scene.console();
    assertEquals(PamCode.SUCCESS, scene.signIn("user01", "Passw0rd!").code());
    scene.domain.somebodyElse = user(new AccountName("user01", "example.org"), UUID.randomUUID());
    assertEquals(PamCode.AUTH_ERR, scene.signIn("user01", "Passw0rd!").code());
    scene.directory.obstacles.clear();
    scene.domain.reachable = false;
    assertNotEquals(PamCode.SUCCESS, scene.signIn("user01", "Passw0rd!").code());
  }

  @Test
  void noScriptRunsForASessionThatDoesNotBegin() throws Exception {
    scene.options.put("logon_script", "/usr/local/bin/logon");
    scene.directory.record(DirectoryUser.provisional(USER02), Optional.empty());
    scene.directory.uid = 5001;
    scene.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertFalse(scene.tasks.stream().anyMatch(task -> task.task().equals("script")));
  }

  @Test
  void aStandInForAUidBeginsNoSessionByAKey() throws Exception {
    scene.directory.record(DirectoryUser.provisional(USER02), Optional.empty());
    assertEquals(PamCode.SUCCESS, scene.account("user02"));
    scene.directory.undecided.add("user02");
    assertEquals(PamCode.AUTH_ERR, scene.account("user02"));
  }

  @Test
  void anAccountMadeAnewIsRefusedOnceAndThenNoPhoneRings() throws Exception {
    scene.enrolled();
    scene.domain.somebodyElse = user(USER02, UUID.randomUUID());
    scene.flag(himmelblau.api.login.SignInRequest.Flag.NO_HELLO_PIN);
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript().toString().contains("aad-tool idmap user-add"),
        seen.transcript().toString());
    assertEquals(State.NONE, pin(), "the key of the one before opens nothing");

    scene.domain.calls.clear();
    seen = scene.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript().toString().contains("aad-tool status says why"),
        seen.transcript().toString());
    assertFalse(scene.domain.calls.toString().contains("challenge"), "no phone rings");
  }
}
