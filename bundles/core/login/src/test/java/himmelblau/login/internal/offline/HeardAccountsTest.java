package himmelblau.login.internal.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.login.PamCode;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lookups have said of an account counts wherever its user could come in. */
@NullUnmarked
class HeardAccountsTest {
  private static final AccountName USER = new AccountName("user02", "example.org");

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() throws Exception {
    fixture = new LoginFixture(folder);
  }

  private void heard(boolean enabled) {
    new HeardAccounts(fixture.environment.disabledAccounts()).heard(USER, enabled);
  }

  @Test
  void anAccountThatALookupCallsDisabledGetsNoSessionUntilOneCallsItEnabled() throws Exception {
    fixture.enrolled();
    heard(true);
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
    heard(false);
    heard(false);
    assertEquals(PamCode.ACCT_EXPIRED, fixture.account("user02"));
    fixture.start();
    assertEquals(PamCode.ACCT_EXPIRED, fixture.account("user02"), "also after a restart");
    heard(true);
    assertEquals(PamCode.SUCCESS, fixture.account("user02"), "at once");
  }

  @Test
  void aSignInThatTheDirectoryLetsPassIsALaterWord() throws Exception {
    fixture.enrolled();
    heard(false);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
  }

  @Test
  void aLookupIsALaterWordThanARefusedSignIn() throws Exception {
    fixture.enrolled();
    fixture.domain.helloRefusal = ScriptedDomain.refusal(Reason.ACCOUNT_DISABLED, "disabled");
    assertEquals(PamCode.AUTH_ERR, fixture.signIn("user02", "182736").code());
    assertEquals(PamCode.ACCT_EXPIRED, fixture.account("user02"));
    heard(true);
    assertEquals(PamCode.SUCCESS, fixture.account("user02"));
  }

  @Test
  void thePinOpensNothingOfflineWhileTheAccountIsDisabled() throws Exception {
    fixture.enrolled();
    fixture.domain.reachable = false;
    heard(false);
    List<String> seen = fixture.abandoned("user02", "182736");
    assertTrue(String.join("\n", seen).contains("Offline auth has expired."), seen.toString());
    heard(true);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void aCachedPasswordOpensNothingWhileTheAccountIsDisabled() throws Exception {
    fixture.domain.joined = true;
    fixture.console();
    fixture.domain.methods = List.of();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
    fixture.domain.reachable = false;
    heard(false);
    List<String> seen = fixture.refused("user02", "Passw0rd!");
    assertTrue(String.join("\n", seen).contains("Network outage detected."), seen.toString());
    heard(true);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!").code());
  }
}
