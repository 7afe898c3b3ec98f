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

/** The second factor and the security info of a user whose browser runs no scripts. */
class SecurityInfoPagesTest {
  private static final String UPN = "user02@example.onmicrosoft.com";
  private static final String PUSH = "Approve a request in my Authenticator app";

  private InProcess tenant;
  private PageBrowser browser;

  @BeforeEach
  void start() throws Exception {
    tenant = new InProcess();
    browser = new PageBrowser(tenant);
    with(List.of("PhoneAppNotification", "PhoneAppOTP", "OneWaySMS"));
  }

  private void with(List<String> methods) {
    tenant.service().directory().put(user().withMethods(methods));
  }

  private User user() {
    return tenant.service().directory().user(UPN).orElseThrow();
  }

  private Reply secondFactor() {
    Reply page = browser.open("/common/securityinfo");
    assertTitle("Sign in", page);
    page = browser.submit(page, "Sign in", Map.of("login", UPN, "passwd", user().password()));
    assertTitle("Verify your identity", page);
    return page;
  }

  private Reply securityInfo() {
    Reply page = browser.submit(secondFactor(), "Use a code of my authenticator app", Map.of());
    String code = tenant.service().credentials().otp(user());
    page = browser.submit(page, "Next", Map.of("otc", code));
    assertTitle("Security info", page);
    return page;
  }

  @Test
  void theShortAddressLeadsToTheSignIn() {
    assertEquals("https://mysignins.microsoft.com/security-info", location("aka.ms", "/mfasetup"));
    assertEquals(
        "https://login.microsoftonline.com/common/securityinfo",
        location("mysignins.microsoft.com", "/security-info"));
  }

  private String location(String host, String path) {
    return tenant.get(host, path, Map.of()).headers().stream()
        .filter(header -> header.getKey().equals("Location"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Test
  void aRequestIsApprovedOnThePhone() {
    Reply page = browser.submit(secondFactor(), PUSH, Map.of());
    int number = Integer.parseInt(text(page, "number"));
    Reply early = browser.submit(page, "Next", Map.of());
    assertEquals("The request was not approved yet.", text(early, "error"));
    Phone.Prompt prompt = tenant.service().phone().open(user().id()).getFirst();
    tenant.service().phone().answer(prompt, true, Optional.of(number));
    assertTitle("Security info", browser.submit(early, "Next", Map.of()));
  }

  @Test
  void aDeniedRequestLeadsBackToTheChoice() {
    Reply page = browser.submit(secondFactor(), PUSH, Map.of());
    tenant
        .service()
        .phone()
        .answer(tenant.service().phone().open(user().id()).getFirst(), false, Optional.empty());
    page = browser.submit(page, "Next", Map.of());
    assertEquals("The request was denied.", text(page, "error"));
    assertTrue(page.bodyText().contains("value=\"" + PUSH + "\""), page.bodyText());
  }

  @Test
  void threeWrongCodesEndTheMethod() {
    Reply page = browser.submit(secondFactor(), "Text a code to my phone", Map.of());
    for (int i = 0; i < 2; i++) {
      page = browser.submit(page, "Next", Map.of("otc", "000000x"));
      assertEquals("The code is not correct.", text(page, "error"));
    }
    page = browser.submit(page, "Next", Map.of("otc", "000000x"));
    assertEquals("Too many wrong codes were entered.", text(page, "error"));
  }

  @Test
  void aMethodIsAddedAndAnotherDeleted() {
    with(List.of("PhoneAppOTP"));
    Reply page = browser.submit(securityInfo(), "Add sign-in method", Map.of());
    page = browser.submit(page, "Microsoft Authenticator", Map.of());
    assertTrue(page.bodyText().contains("<svg"), page.bodyText());
    page = browser.submit(page, "Next", Map.of());
    tenant
        .service()
        .phone()
        .answer(
            tenant.service().phone().open(user().id()).getFirst(),
            true,
            Optional.of(Integer.parseInt(text(page, "number"))));
    page = browser.submit(browser.submit(page, "Next", Map.of()), "Done", Map.of());
    assertTitle("Security info", page);
    assertEquals(List.of("PhoneAppOTP", "PhoneAppNotification"), user().methods());
    page = browser.submit(page, "Delete Authenticator app", Map.of());
    assertEquals(List.of("PhoneAppNotification"), user().methods());
    assertFalse(page.bodyText().contains("Delete Authenticator app"), page.bodyText());
  }

  @Test
  void withoutTheSecondFactorNothingIsChanged() {
    Reply page = secondFactor();
    String forged = page.bodyText().replace("/common/mfa/begin", "/common/securityinfo/delete");
    Reply refused =
        browser.submit(
            page.withBody(forged.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            PUSH,
            Map.of());
    assertTrue(refused.bodyText().contains("AADSTS165000"), refused.bodyText());
    forged = page.bodyText().replace("/common/mfa/begin", "/common/proofup/app");
    refused =
        browser.submit(
            page.withBody(forged.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            PUSH,
            Map.of());
    assertTrue(refused.bodyText().contains("AADSTS165000"), refused.bodyText());
    assertEquals(3, user().methods().size());
  }
}
