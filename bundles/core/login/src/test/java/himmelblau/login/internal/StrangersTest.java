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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People who are not ours, or not who they were taken for; a directory that makes no sense. */
class StrangersTest {
  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void build() {
    scene = new Scene(folder);
  }

  @Test
  void peopleWhoAreNotOurs() throws Exception {
    for (String user :
        List.of("nobody", "user02@elsewhere.org", "root", "", "user02@example.net")) {
      Scene.Seen seen = scene.signIn(user);
      assertEquals(PamCode.USER_UNKNOWN, seen.code(), user);
      assertEquals(List.of(), seen.transcript(), user);
    }
    scene.flag(Flag.IGNORE_UNKNOWN_USER);
    assertEquals(PamCode.IGNORE, scene.signIn("nobody").code());
    assertEquals(PamCode.IGNORE, scene.signIn("user02@elsewhere.org").code());
  }

  @Test
  void aTakenIdIsToldBeforeAnybodyIsPrompted() throws Exception {
    scene.directory.obstacles.add("user02");
    assertEquals(PamCode.USER_UNKNOWN, scene.signIn("user02", "Passw0rd!").code());
    assertEquals(List.of(), scene.domain.calls);
  }

  @Test
  void whoseIdIsDisputedIsKeptOutByEveryDoor() throws Exception {
    assertEquals(
        PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!", "", "182736", "182736").code());
    assertEquals(PamCode.SUCCESS, scene.account("user02"));
    scene.directory.obstacles.add("user02");
    Scene.Seen seen = scene.signIn("user02");
    assertEquals(PamCode.AUTH_ERR, seen.code());
    assertTrue(
        String.join("\n", seen.transcript()).contains("aad-tool status says why"),
        "not the prompt of the next module, without a word");
    assertEquals(PamCode.AUTH_ERR, scene.account("user02"), "sshd may have taken a key");
    scene.flag(Flag.IGNORE_UNKNOWN_USER);
    assertEquals(PamCode.AUTH_ERR, scene.account("user02"));
    assertEquals(PamCode.IGNORE, scene.account("user01"), "nobody whom the host shows");
  }

  @Test
  void whomTheDirectoryDisabledIsKeptOutByEveryDoor() throws Exception {
    scene.enrolled();
    assertEquals(PamCode.SUCCESS, scene.account("user02"));
    scene.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.ACCOUNT_DISABLED, "disabled");
    assertEquals(PamCode.AUTH_ERR, scene.signIn("user02", "182736").code());
    assertEquals(PamCode.ACCT_EXPIRED, scene.account("user02"), "sshd may have taken a key");
    scene.start();
    assertEquals(PamCode.ACCT_EXPIRED, scene.account("user02"), "also after a restart");
    scene.domain.helloRefusal = null;
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
    assertEquals(PamCode.SUCCESS, scene.account("user02"));
  }

  @Test
  void unknownNamesAreAskedForWithinBounds() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertEquals(PamCode.USER_UNKNOWN, scene.signIn("nobody" + i).code());
    }
    long asked = scene.domain.calls.stream().filter(call -> call.startsWith("find")).count();
    assertTrue(asked >= 50 && asked <= 65, "questions: " + asked);
  }

  @Test
  void aNameAloneMakesNoPhoneRing() throws Exception {
    scene.domain.passwordless = true;
    assertEquals(
        List.of("* Press enter to send a sign-in request to your phone"),
        scene.abandoned("user02"));
    assertFalse(scene.domain.calls.toString().contains("challenge"), "nothing was sent");
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "", "", "182736", "182736").code());
    assertTrue(scene.domain.calls.toString().contains("challenge"));
  }

  @Test
  void aPhoneRingsOnlySoOften() throws Exception {
    scene.options.put("enable_hello", false);
    for (int i = 0; i < 6; i++) {
      assertEquals(PamCode.SUCCESS, scene.signIn("user02", "Passw0rd!", "").code());
    }
    scene.domain.calls.clear();
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(seen.transcript().toString().contains("Too many sign-in requests were sent"));
    assertFalse(scene.domain.calls.toString().contains("challenge"));
    assertEquals(PamCode.SUCCESS, scene.signIn("user01", "Passw0rd!", "").code(), "others go on");
  }

  @Test
  void noDomainMeansNoOne() throws Exception {
    scene.options.put("domain", new String[0]);
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!");
    assertEquals(PamCode.USER_UNKNOWN, seen.code());
    assertEquals(
        List.of(
            "E No sign-in domain is configured on this computer."
                + " Please contact your administrator."),
        seen.transcript());
    assertEquals(PamCode.USER_UNKNOWN, scene.account("user02"));
    assertEquals(List.of(), scene.domain.calls);
  }

  @Test
  void somebodyElseCameBackFromTheCloud() {
    scene.domain.somebodyElse =
        new DirectoryUser(
            new AccountName("user01", "example.org"),
            Optional.of(UUID.randomUUID()),
            Optional.of("tenant"),
            "",
            PosixAttributes.NONE);
    List<String> seen = scene.abandoned("user02", "Passw0rd!", "");
    assertTrue(
        seen.contains("I Authenticated user user01@example.org does not match requested user"));
    assertTrue(scene.directory.accounts().isEmpty());
  }

  @Test
  void aConflictOfIdsIsFinal() throws Exception {
    scene.directory.conflict = true;
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_ABORT: Authentication failed. Please contact your administrator."
                    + FirstSignInTest.BANNER_END));
  }

  @Test
  void aBusyDirectoryIsAskedAgainThenGivenUp() throws Exception {
    scene.domain.broken = new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, "not JSON");
    Scene.Seen seen = scene.signIn("user02");
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
    scene.domain.onFullSignIn =
        () -> {
          throw new IllegalStateException("a bug");
        };
    Scene.Seen seen = scene.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.ABORT, seen.code());
    assertTrue(
        seen.transcript()
            .contains(
                "I PAM_SYSTEM_ERR: An unexpected error occurred." + FirstSignInTest.BANNER_END));
  }
}
