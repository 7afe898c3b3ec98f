package himmelblau.login.internal.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.conversation.PromptTexts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code enable_sfa_fallback} lets the password suffice where the account has no second factor, and
 * never where one was asked for and refused.
 */
class PasswordOnlyFallbackTest {
  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
    fixture.domain.joined = true;
    fixture.options.put("enable_sfa_fallback", true);
  }

  private static SignInRefused refusal(Reason reason, Optional<String> code, boolean retry) {
    return new SignInRefused(reason, "No second factor.", code, retry);
  }

  private static SignInRefused refusal(Reason reason) {
    return refusal(reason, Optional.empty(), false);
  }

  /** What a directory may answer that means a missing factor as long as none was tried. */
  private static List<SignInRefused> missing() {
    return List.of(
        refusal(Reason.NOT_SUPPORTED),
        refusal(Reason.FACTOR_MISSING),
        refusal(Reason.FACTOR_FAILED));
  }

  /** Whether the password alone was tried in a call that did not sign the user in. */
  private boolean triesPasswordAlone(String user) {
    fixture.domain.calls.clear();
    try {
      assertNotEquals(PamCode.SUCCESS, fixture.signIn(user, "Passw0rd!", "").code());
    } catch (ConversationClosed e) {
      // It starts over and asks again, which nobody answers.
    }
    assertTrue(fixture.directory.accounts().isEmpty(), "nobody was recorded");
    assertTrue(fixture.domain.calls.contains("begin " + user + " mfa"), "a factor was demanded");
    return fixture.domain.calls.contains("begin " + user);
  }

  @Test
  void aMissingFactorIsMadeUpForByThePassword() {
    for (SignInRefused refusal : missing()) {
      fixture.domain.signInRefusal = refusal;
      assertTrue(triesPasswordAlone("user01"), refusal.reason().toString());
    }
  }

  /** There is no password yet that could suffice: the refusal is the end. */
  @Test
  void aRefusalBeforeThePasswordIsTheEnd() throws Exception {
    for (SignInRefused refusal : missing()) {
      fixture.domain.beginRefusal = refusal;
      assertFalse(triesPasswordAlone("user01"), refusal.reason().toString());
      assertTrue(fixture.refused("user01").toString().contains("No second factor."));
    }
  }

  @Test
  void aFactorThatTheDirectoryRefusesIsNotMissing() {
    for (SignInRefused refusal : missing()) {
      fixture.domain.factorRefusal = refusal;
      assertFalse(triesPasswordAlone("user02"), refusal.reason().toString());
    }
  }

  @Test
  void aFactorThatTheUserDeniesIsNotMissing() {
    for (Progress progress : List.of(Progress.DENIED, Progress.PENDING)) {
      fixture.domain.phone = progress;
      assertFalse(triesPasswordAlone("user02"), progress.toString());
    }
  }

  @Test
  void aFactorThatCanBeTriedAgainIsNotMissing() {
    fixture.domain.signInRefusal = refusal(Reason.FACTOR_FAILED, Optional.empty(), true);
    assertFalse(triesPasswordAlone("user01"));
  }

  @Test
  void aWrongPasswordIsNotMadeUpFor() {
    fixture.domain.signInRefusal = refusal(Reason.WRONG_PASSWORD);
    assertFalse(triesPasswordAlone("user01"));
  }

  @Test
  void aHostThatIsNotJoinedNeedsTheFactor() {
    fixture.domain.joined = false;
    fixture.domain.methods = List.of();
    assertFalse(triesPasswordAlone("user01"));
  }

  @Test
  void theAdministratorHasToAllowIt() {
    fixture.options.put("enable_sfa_fallback", false);
    fixture.domain.methods = List.of();
    assertFalse(triesPasswordAlone("user01"));
  }

  @Test
  void setsNoPinWhateverTheDirectorySays() throws Exception {
    fixture.domain.methods = List.of();
    fixture.domain.claimsFactor = true;
    LoginFixture.Seen seen = fixture.signIn("user01", "Passw0rd!", "182736", "182736");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals(List.of(FirstSignInTest.ASK, FirstSignInTest.PASSWORD), seen.transcript());
    assertFalse(fixture.domain.calls.contains("registerHello"));
  }

  @Test
  void nothingIsTriedTwiceWhereNoFactorWasDemanded() throws Exception {
    fixture.console();
    fixture.domain.signInRefusal = refusal(Reason.NOT_SUPPORTED);
    fixture.refused("user01", "Passw0rd!");
    assertEquals(
        List.of("begin user01"),
        fixture.domain.calls.stream().filter(call -> call.startsWith("begin")).toList());
  }

  @Test
  void aFactorDemandedOfThePasswordAloneIsNotAsked() throws Exception {
    fixture.domain.forcedRefusal = refusal(Reason.NOT_SUPPORTED);
    LoginFixture.Seen seen = fixture.signIn("user02", "Passw0rd!", "");
    assertEquals(PamCode.MAXTRIES, seen.code());
    assertTrue(seen.transcript().toString().contains(PromptTexts.NO_METHOD_HERE));
    assertFalse(fixture.domain.calls.toString().contains("challenge"), "no phone rings");
  }
}
