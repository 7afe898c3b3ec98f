package himmelblau.login.internal.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.HelloKind;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.login.PamCode;
import himmelblau.login.internal.FirstSignInTest;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.ScriptedDomain;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.mfa.devicecode.internal.DeviceCodeMethod;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser on another device may be used for, and what follows from its use. */
class OtherBrowserTest {
  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() {
    fixture = new LoginFixture(folder);
    fixture.methods.add(new DeviceCodeMethod(), List.of("DeviceCode"), LoginFixture.RANK);
    fixture.domain.methods = List.of("DeviceCode");
    fixture.domain.helloKind = HelloKind.LOCAL;
  }

  private OtherBrowser allowed() throws Exception {
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!", "", "", "").code());
    return fixture.domain.browsers.getLast();
  }

  @Test
  void setsUpAFactorByDefault() throws Exception {
    assertEquals(OtherBrowser.WHERE_NEEDED, allowed());
    fixture.console();
    assertEquals(OtherBrowser.WHERE_NEEDED, allowed());
  }

  @Test
  void setsUpNoFactorInARemoteSignInIfTheAdministratorSaysSo() throws Exception {
    fixture.options.put("allow_remote_registration", false);
    assertEquals(OtherBrowser.NOT_FOR_SETUP, allowed());
    fixture.console();
    assertEquals(OtherBrowser.WHERE_NEEDED, allowed());
  }

  @Test
  void setsUpNoFactorWhereThePasswordIsEnoughWithoutOne() throws Exception {
    fixture.options.put("enable_sfa_fallback", true);
    assertEquals(OtherBrowser.WHERE_NEEDED, allowed(), "joining needs one");
    fixture.domain.joined = true;
    assertEquals(OtherBrowser.NOT_FOR_SETUP, allowed());
  }

  @Test
  void noPasswordIsKeptThatTheBrowserMayHaveChanged() throws Exception {
    LoginFixture.ScriptedBreakglass policy = new LoginFixture.ScriptedBreakglass();
    policy.active = true;
    fixture.policies.add(policy);
    fixture.flag(himmelblau.api.login.SignInRequest.Flag.NO_HELLO_PIN);
    assertEquals(PamCode.SUCCESS, fixture.signIn("user01", "Passw0rd!", "").code());
    fixture.domain.reachable = false;
    assertFalse(opens("user01"), "after a sign-in in a browser");

    fixture.domain.reachable = true;
    fixture.domain.methods = List.of("PhoneAppNotification");
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "").code());
    fixture.domain.reachable = false;
    assertTrue(opens("user02"), "after a second factor at this prompt");
  }

  private boolean opens(String user) {
    try {
      return fixture.signIn(user, "Passw0rd!").code() == PamCode.SUCCESS;
    } catch (himmelblau.api.login.ConversationClosed e) {
      return false;
    }
  }

  @Test
  void aDeadRenewalLeadsThereAgainAndThePinStays() throws Exception {
    enrolLocally();
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "revoked");
    fixture.domain.calls.clear();
    LoginFixture.Seen seen = fixture.signIn("user02", "182736", "");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals("I " + PromptTexts.RENEWAL_ENDED, seen.transcript().get(2));
    assertEquals(OtherBrowser.FIRST, fixture.domain.browsers.getLast());
    assertFalse(seen.transcript().contains(FirstSignInTest.PASSWORD), "the browser asks for it");
    assertFalse(fixture.domain.calls.contains("registerHello"), "the key is kept");

    fixture.domain.helloRefusal = null;
    fixture.domain.calls.clear();
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
    assertEquals(List.of("renew user02"), fixture.domain.calls);
    fixture.domain.reachable = false;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  @Test
  void withoutABrowserTheUsualWayRenewsThePin() throws Exception {
    enrolLocally();
    fixture.options.put("allow_remote_registration", false);
    fixture.domain.methods = List.of("PhoneAppNotification");
    fixture.domain.helloRefusal =
        ScriptedDomain.refusal(SignInRefused.Reason.RENEWAL_DEAD, "revoked");
    LoginFixture.Seen seen = fixture.signIn("user02", "182736", "Passw0rd!", "");
    assertEquals(PamCode.SUCCESS, seen.code());
    assertEquals("I " + PromptTexts.RENEWAL_ENDED, seen.transcript().get(2));
    fixture.domain.helloRefusal = null;
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  private void enrolLocally() throws Exception {
    assertEquals(
        PamCode.SUCCESS, fixture.signIn("user02", "Passw0rd!", "", "182736", "182736").code());
  }
}
