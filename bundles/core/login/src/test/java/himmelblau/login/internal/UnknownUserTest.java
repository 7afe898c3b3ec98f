package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.secret.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users who are unknown, disabled or not the requested ones; a directory with invalid answers. */
class UnknownUserTest {
  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
  }

  @Test
  void unknownUsersAreLeftToOtherModules() throws Exception {
    for (String user :
        List.of("nobody", "user02@elsewhere.org", "root", "", "user02@example.net")) {
      LoginFixture.Seen seen = fixture.signIn(user);
      assertEquals(PamCode.USER_UNKNOWN, seen.code(), user);
      assertEquals(List.of(), seen.transcript(), user);
    }
    fixture.flag(Flag.IGNORE_UNKNOWN_USER);
    assertEquals(PamCode.IGNORE, fixture.signIn("nobody").code());
    assertEquals(PamCode.IGNORE, fixture.signIn("user02@elsewhere.org").code());
  }

  @Test
  void aTakenIdIsReportedBeforeAnyPrompt() throws Exception {
    fixture.directory.obstacles.add("user02");
    assertEquals(PamCode.USER_UNKNOWN, fixture.signIn("user02", "Passw0rd!").code());
    assertEquals(List.of(), fixture.domain.calls);
  }

  @Test
  void anAccountWithADisputedIdIsRefusedByEveryPamService() throws Exception {
    assertEquals(
        PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "", "182736", "182736").code());
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
    fixture.directory.obstacles.add("user02");
    LoginFixture.Seen seen = fixture.signIn("user02");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        String.join("\n", seen.transcript()).contains("aad-tool status says why"),
        "not the prompt of the next module, without a word");
    assertEquals(PamCode.AUTH_ERR, fixture.account("user02"), "sshd may have taken a key");
    fixture.flag(Flag.IGNORE_UNKNOWN_USER);
    assertEquals(PamCode.AUTH_ERR, fixture.account("user02"));
    assertEquals(PamCode.IGNORE, fixture.account("user01"), "nobody whom the host shows");
  }

  @Test
  void aDisabledAccountIsRefusedByEveryPamService() throws Exception {
    fixture.enrolled();
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.ACCOUNT_DISABLED, "disabled");
    assertEquals(PamCode.AUTH_ERR, fixture.signIn("user02", "182736").code());
    assertEquals(PamCode.ACCT_EXPIRED, fixture.account("user02"), "sshd may have taken a key");
    fixture.start();
    assertEquals(PamCode.ACCT_EXPIRED, fixture.account("user02"), "also after a restart");
    fixture.domain.helloRefusal = null;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
  }

  @Test
  void anAccountThatTheDirectoryCallsGoneIsRefusedByEveryPamService() throws Exception {
    fixture.enrolled();
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.NO_SUCH_ACCOUNT, "gone");
    fixture.signIn("user02", "182736");
    assertEquals(PamCode.ACCT_EXPIRED, fixture.account("user02"), "a key is not enough");
  }

  @Test
  void anAccountThatIsDisabledWhileAnotherModuleSignsItInIsRefusedToo() throws Exception {
    fixture.enrolled();
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.ACCOUNT_DISABLED, "disabled");
    fixture.authtok = Optional.of(Secret.ofText("182736"));
    fixture.unseal("user02");
    fixture.authtok = Optional.empty();
    assertEquals(PamCode.ACCT_EXPIRED, fixture.account("user02"));
  }

  @Test
  void unknownNamesAreAskedForWithinBounds() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertEquals(PamCode.USER_UNKNOWN, fixture.signIn("nobody" + i).code());
    }
    long asked = fixture.domain.calls.stream().filter(call -> call.startsWith("find")).count();
    assertTrue(asked >= 50 && asked <= 65, "questions: " + asked);
  }

  @Test
  void aNameAloneMakesNoPhoneRing() throws Exception {
    fixture.domain.passwordless = true;
    assertEquals(
        List.of("* Press enter to send a sign-in request to your phone"),
        fixture.abandoned("user02"));
    assertFalse(fixture.domain.calls.toString().contains("challenge"), "nothing was sent");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "", "", "182736", "182736").code());
    assertTrue(fixture.domain.calls.toString().contains("challenge"));
  }

  @Test
  void aPhoneRingsOnlySoOften() throws Exception {
    fixture.options.put("enable_hello", false);
    for (int i = 0; i < 6; i++) {
      assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "").code());
    }
    fixture.domain.calls.clear();
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(seen.transcript().toString().contains("Too many sign-in requests were sent"));
    assertFalse(fixture.domain.calls.toString().contains("challenge"));
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!", "").code(), "others go on");
  }

  @Test
  void noDomainMeansNoOne() throws Exception {
    fixture.options.put("domain", new String[0]);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.USER_UNKNOWN, seen.code());
    assertEquals(
        List.of(
            "E No sign-in domain is configured on this computer."
                + " Please contact your administrator."),
        seen.transcript());
    assertEquals(PamCode.USER_UNKNOWN, fixture.account("user02"));
    assertEquals(List.of(), fixture.domain.calls);
  }

  @Test
  void anotherAccountReturnedByTheDirectoryIsRefused() {
    fixture.domain.somebodyElse =
        new DirectoryUser(
            new AccountName("user01", "example.org"),
            Optional.of(UUID.randomUUID()),
            Optional.of("tenant"),
            "",
            PosixAttributes.NONE);
    List<String> seen = fixture.abandoned("user02", "Passw0rd!", "");
    assertTrue(
        seen.contains("I Authenticated user user01@example.org does not match requested user"));
    assertTrue(fixture.directory.accounts().isEmpty());
  }

  @Test
  void theAccountOfAnotherUserIsRefusedForAKnownUserToo() throws Exception {
    fixture.enrolled();
    AccountName other = new AccountName("user01", "example.org");
    fixture.domain.somebodyElse =
        new DirectoryUser(
            other, Optional.of(UUID.randomUUID()), Optional.of("tenant"), "", PosixAttributes.NONE);
    String refused = "I Authenticated user user01@example.org does not match requested user";
    assertTrue(fixture.abandoned("user02", "182736").contains(refused), "with the PIN");
    fixture.flag(Flag.NO_HELLO_PIN);
    assertTrue(fixture.abandoned("user02", "Passw0rd!", "").contains(refused));
    assertTrue(fixture.directory.account(other).isEmpty(), "nothing is kept of it");
  }

  @Test
  void aConflictOfIdsIsFinal() throws Exception {
    fixture.directory.conflict = true;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_ABORT: Authentication failed. Please contact your administrator."
                    + FirstSignInTest.BANNER_END));
  }

  @Test
  void aConflictThatAnAdministratorHasToDecideSaysSo() throws Exception {
    fixture.directory.conflict = true;
    fixture.directory.noted = true;
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_AUTH_ERR: This account cannot sign in to this computer until an"
                    + " administrator has decided about its ids: aad-tool status says why."
                    + FirstSignInTest.BANNER_END));
  }

  @Test
  void aBusyDirectoryIsAskedAgainThenGivenUp() throws Exception {
    fixture.domain.broken = new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, "not JSON");
    LoginFixture.Seen seen = fixture.signIn("user02");
    assertEquals(PamCode.ABORT, seen.code());
    assertEquals(
        List.of(
            "I PAM_ABORT: Authentication failed: Invalid server response."
                + FirstSignInTest.BANNER_END,
            "~ PT2S"),
        seen.transcript());
  }

  @Test
  void aBrokenPartIsNotAWayIn() throws Exception {
    fixture.domain.onFullSignIn =
        () -> {
          throw new IllegalStateException("a bug");
        };
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_SYSTEM_ERR: An unexpected error occurred." + FirstSignInTest.BANNER_END));
  }

  /** It lacks the classes that were not loaded before. */
  @Test
  void aPartThatWasReplacedIsNotAWayIn() throws Exception {
    fixture.domain.onFullSignIn =
        () -> {
          throw new NoClassDefFoundError("himmelblau/replaced/Part");
        };
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_SYSTEM_ERR: An unexpected error occurred." + FirstSignInTest.BANNER_END));
  }
}
