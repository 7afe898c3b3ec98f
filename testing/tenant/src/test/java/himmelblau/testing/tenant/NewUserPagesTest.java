package himmelblau.testing.tenant;

import static himmelblau.testing.tenant.PageBrowser.assertTitle;
import static himmelblau.testing.tenant.PageBrowser.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.login.Phone;
import himmelblau.testing.tenant.web.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new user in a browser, from the device code to the last page. */
class NewUserPagesTest {
  private static final String DOMAIN = "example.onmicrosoft.com";
  private static final String BROKER = "29d9ed98-a469-4536-ade2-f981bc1d605e";
  private static final String PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
  private static final String INITIAL = "Initial-Pass-1";
  private static final String NEW = "Chosen-Horse-2";

  private InProcess tenant;
  private PageBrowser browser;
  private String deviceCode = "";
  private String userCode = "";

  @BeforeEach
  void start() throws Exception {
    tenant = new InProcess();
    browser = new PageBrowser(tenant);
    User user = user();
    tenant
        .service()
        .directory()
        .put(user.withMethods(List.of()).withPassword(INITIAL, true, user.tokensValidFrom()));
    var begun =
        InProcess.json(
            tenant.post(
                "/" + DOMAIN + "/oauth2/v2.0/devicecode",
                Map.of(
                    "client_id",
                    BROKER,
                    "scope",
                    "openid offline_access " + PORTAL + "/.default")));
    deviceCode = begun.get("device_code").getAsString();
    userCode = begun.get("user_code").getAsString();
  }

  private User user() {
    return tenant.service().directory().user("user02@" + DOMAIN).orElseThrow();
  }

  private Reply poll() {
    return tenant.post(
        "/" + DOMAIN + "/oauth2/v2.0/token",
        Map.of(
            "client_id", BROKER,
            "grant_type", "urn:ietf:params:oauth:grant-type:device_code",
            "device_code", deviceCode));
  }

  private Reply submit(Reply page, String button, Map<String, String> typed) {
    return browser.submit(page, button, typed);
  }

  private Reply passwordPage() {
    Reply page = tenant.get("login.microsoftonline.com", "/common/oauth2/deviceauth", Map.of());
    page = submit(page, "Next", Map.of("otc", userCode));
    page = submit(page, "Sign in", Map.of("login", "user02@" + DOMAIN, "passwd", INITIAL));
    assertTitle("Update your password", page);
    return page;
  }

  private Reply changed(Reply page, String current, String wanted, String again) {
    return submit(
        page,
        "Sign in",
        Map.of("currentpasswd", current, "newpasswd", wanted, "confirmnewpasswd", again));
  }

  private Reply appPage() {
    Reply page = changed(passwordPage(), INITIAL, NEW, NEW);
    assertTitle("More information required", page);
    page = submit(page, "Next", Map.of());
    assertTitle("Keep your account secure", page);
    return page;
  }

  @Test
  void setsUpTheAuthenticator() {
    Reply page = submit(appPage(), "Microsoft Authenticator", Map.of());
    page = submit(page, "Next", Map.of());
    assertTitle("Let's try it out", page);
    int number = Integer.parseInt(text(page, "number"));
    Reply early = submit(page, "Next", Map.of());
    assertTrue(early.bodyText().contains("not approved yet"), early.bodyText());
    assertTrue(user().methods().isEmpty());
    Phone.Prompt prompt = tenant.service().phone().open(user().id()).getFirst();
    tenant.service().phone().answer(prompt, true, Optional.of(number));
    page = submit(early, "Next", Map.of());
    assertTitle("Success!", page);
    assertEquals(List.of("PhoneAppNotification"), user().methods());
    assertEquals(70016, InProcess.code(poll()), "not before the last page");
    page = submit(page, "Done", Map.of());
    assertTrue(text(page, "message").startsWith("You have signed in"), page.bodyText());
    assertEquals(200, poll().status());
    assertEquals(NEW, user().password());
  }

  @Test
  void aCodeThatIsCancelledGivesNoToken() {
    Reply page = tenant.get("login.microsoftonline.com", "/common/oauth2/deviceauth", Map.of());
    page = submit(page, "Next", Map.of("otc", userCode));
    Reply ended = submit(page, "Cancel", Map.of());
    assertTrue(text(ended, "message").startsWith("You have cancelled"), ended.bodyText());
    assertEquals(70020, InProcess.code(poll()));
    Reply late = submit(page, "Sign in", Map.of("login", "user02@" + DOMAIN, "passwd", INITIAL));
    assertFalse(late.bodyText().contains("Update your password"), late.bodyText());
    assertEquals(70020, InProcess.code(poll()));
  }

  @Test
  void aWrongNumberSetsNothingUp() {
    Reply page = submit(appPage(), "Microsoft Authenticator", Map.of());
    page = submit(page, "Next", Map.of());
    Phone.Prompt prompt = tenant.service().phone().open(user().id()).getFirst();
    tenant
        .service()
        .phone()
        .answer(prompt, true, Optional.of(Integer.parseInt(text(page, "number")) % 90 + 10 + 1));
    Reply after = submit(page, "Next", Map.of());
    assertTrue(after.bodyText().contains("AADSTS500121"), after.bodyText());
    assertTrue(user().methods().isEmpty());
    assertEquals(70016, InProcess.code(poll()));
  }

  @Test
  void setsUpAnotherApp() {
    Reply page = submit(appPage(), "I want to use a different authenticator app", Map.of());
    assertFalse(text(page, "secret").isEmpty());
    Reply wrong = submit(page, "Next", Map.of("otc", "000000x"));
    assertTrue(wrong.bodyText().contains("Wrong code"), wrong.bodyText());
    assertTrue(user().methods().isEmpty());
    String code = tenant.service().credentials().otp(user());
    page = submit(submit(wrong, "Next", Map.of("otc", code)), "Done", Map.of());
    assertTrue(text(page, "message").startsWith("You have signed in"), page.bodyText());
    assertEquals(List.of("PhoneAppOTP"), user().methods());
    assertEquals(200, poll().status());
  }

  @Test
  void threeWrongCodesEndTheSetUp() {
    Reply page = submit(appPage(), "I want to use a different authenticator app", Map.of());
    for (int i = 0; i < 3; i++) {
      page = submit(page, "Next", Map.of("otc", "000000x"));
    }
    String code = tenant.service().credentials().otp(user());
    page = submit(page, "Next", Map.of("otc", code));
    assertTrue(page.bodyText().contains("AADSTS500121"), page.bodyText());
    assertTrue(user().methods().isEmpty());
  }

  @Test
  void badPasswordsAreSaidAndChangeNothing() {
    Reply page = passwordPage();
    page = changed(page, INITIAL, "weak", "weak");
    assertEquals("PasswordTooWeak", text(page, "error"));
    page = changed(page, INITIAL, NEW, NEW + "x");
    assertEquals("PasswordsDoNotMatch", text(page, "error"));
    page = changed(page, "wrong", NEW, NEW);
    assertEquals("InvalidCurrentPassword", text(page, "error"));
    page = changed(page, INITIAL, INITIAL, INITIAL);
    assertEquals("PasswordUsedBefore", text(page, "error"));
    assertEquals(INITIAL, user().password());
    assertTrue(user().passwordExpired());
  }

  @Test
  void anAccountWithAFactorSetsUpNoOther() {
    Reply page = appPage();
    tenant.service().directory().put(user().withMethods(List.of("PhoneAppNotification")));
    Reply refused = submit(page, "I want to use a different authenticator app", Map.of());
    assertTrue(refused.bodyText().contains("AADSTS165000"), refused.bodyText());
  }

  @Test
  void aFormOfAnotherBrowserIsRefused() {
    Reply page = appPage();
    browser.forgetCookies();
    Reply refused = submit(page, "I want to use a different authenticator app", Map.of());
    assertTrue(refused.bodyText().contains("AADSTS165000"), refused.bodyText());
  }
}
