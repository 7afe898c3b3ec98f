package himmelblau.login.internal.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.hello.PinState;
import himmelblau.api.login.PamCode;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.environment.SignInEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No user gets a session under a uid that belongs to another account. */
class RecreatedAccountTest {
  private static final AccountName USER02 = new AccountName("user02", "example.org");

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
  }

  private PinState pin() {
    return fixture.hellos.find(SignInEnvironment.HELLO).orElseThrow().state(USER02);
  }

  private static DirectoryUser user(AccountName name, UUID id) {
    return new DirectoryUser(
        name, Optional.of(id), Optional.of("tenant"), "", PosixAttributes.NONE);
  }

  @Test
  void aUidThatBecameKnownDuringTheSignInIsForTheNextOne() throws Exception {
    fixture.directory.record(DirectoryUser.provisional(USER02), Optional.empty());
    fixture.directory.uid = 5001;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_AUTH_ERR: "
                    + "Your user id on this computer has just become known."
                    + " Please sign in once more."
                    + FirstSignInTest.BANNER_END),
        seen.transcript().toString());
    assertEquals(PinState.READY, pin(), "nothing of it was for nothing");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void alsoWithAPin() throws Exception {
    fixture.enrolled();
    fixture.directory.uid = 5001;
    assertEquals(PamCode.AUTH_ERR, fixture.signIn("user02", "182736").code());
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void alsoOffline() throws Exception {
    fixture.domain.joined = true;
    fixture.domain.methods = List.of();
    fixture.console();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
    fixture.domain.reachable = false;
    fixture.domain.meanwhile = () -> changeUid("user01", 5001);
    assertEquals(PamCode.AUTH_ERR, fixture.signIn("user01", "Passw0rd!").code());
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
  }

  @Test
  void thePinOfTheAccountBeforeOpensNothingOffline() throws Exception {
    fixture.enrolled();
    fixture.domain.reachable = false;
    fixture.domain.duringOfflinePin = () -> recreate(USER02);
    assertTrue(
        fixture.refused("user02", "182736").contains("I " + PromptTexts.DATA_MISSING),
        "the key is not of the account that has the name now");
  }

  private void recreate(AccountName name) {
    fixture.directory.clear();
    try {
      fixture.directory.record(user(name, UUID.randomUUID()), Optional.empty());
    } catch (DirectoryConflict e) {
      throw new AssertionError(e);
    }
  }

  private void changeUid(String local, long uid) {
    AccountName name = new AccountName(local, "example.org");
    UUID id = fixture.directory.account(name).flatMap(Account::objectId).orElseThrow();
    fixture.directory.uid = uid;
    try {
      fixture.directory.record(user(name, id), Optional.empty());
    } catch (DirectoryConflict e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theCachedPasswordOfTheAccountBeforeOpensNothing() throws Exception {
    fixture.domain.joined = true;
    fixture.domain.methods = List.of();
    fixture.console();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
    fixture.domain.somebodyElse = user(new AccountName("user01", "example.org"), UUID.randomUUID());
    assertEquals(PamCode.AUTH_ERR, fixture.signIn("user01", "Passw0rd!").code());
    fixture.directory.obstacles.clear();
    fixture.domain.reachable = false;
    assertNotEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!").code());
  }

  @Test
  void noScriptRunsForASessionThatDoesNotBegin() throws Exception {
    fixture.options.put("logon_script", "/usr/local/bin/logon");
    fixture.directory.record(DirectoryUser.provisional(USER02), Optional.empty());
    fixture.directory.uid = 5001;
    fixture.signIn("user02", "Passw0rd!", "", "182736", "182736");
    assertFalse(fixture.tasks.stream().anyMatch(task -> task.task().equals("script")));
  }

  @Test
  void aStandInForAUidBeginsNoSessionByAKey() throws Exception {
    fixture.directory.record(DirectoryUser.provisional(USER02), Optional.empty());
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
    fixture.directory.undecided.add("user02");
    assertEquals(PamCode.AUTH_ERR, fixture.account("user02"));
  }

  @Test
  void aRecreatedAccountIsRefusedOnceAndThenSendsNoPhoneRequest() throws Exception {
    fixture.enrolled();
    fixture.domain.somebodyElse = user(USER02, UUID.randomUUID());
    fixture.flag(himmelblau.api.login.SignInRequest.Flag.NO_HELLO_PIN);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript().toString().contains("aad-tool idmap user-add"),
        seen.transcript().toString());
    assertEquals(PinState.NONE, pin(), "the key of the one before opens nothing");

    fixture.domain.calls.clear();
    seen = fixture.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript().toString().contains("aad-tool status says why"),
        seen.transcript().toString());
    assertFalse(fixture.domain.calls.toString().contains("challenge"), "no phone rings");
  }

  /** It may be an attempt: what the owner of the name has stays. */
  @Test
  void whereUsersMayChooseTheirNamesTheOwnerKeepsThePin() throws Exception {
    fixture.enrolled();
    fixture.domain.confirmsNames = false;
    fixture.domain.somebodyElse = user(USER02, UUID.randomUUID());
    fixture.flag(himmelblau.api.login.SignInRequest.Flag.NO_HELLO_PIN);
    assertEquals(PamCode.AUTH_ERR, fixture.signIn("user02", "Passw0rd!", "").code());
    assertEquals(PinState.READY, pin());
  }
}
