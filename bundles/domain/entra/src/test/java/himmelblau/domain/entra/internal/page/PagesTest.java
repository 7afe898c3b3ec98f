package himmelblau.domain.entra.internal.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpReply;
import himmelblau.domain.entra.internal.wire.Cookies;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
  private static final URI BASE = URI.create("https://login.microsoftonline.com/t/login");

  private static String page(String json) {
    return "<!DOCTYPE html><html><script>var a = 'x';</script>"
        + "<script type=\"text/javascript\">//<![CDATA[\n$Config="
        + json
        + ";\n//]]></script><body>$Config={\"not\":\"this\"}</body></html>";
  }

  private static Page read(String json) throws DomainUnavailable {
    return PageReader.read(page(json), BASE).orElseThrow();
  }

  @Test
  void findsTheConfigurationAndStopsAtItsBrace() throws Exception {
    Page page =
        read(
            "{\"pgid\":\"ConvergedSignIn\",\"sFT\":\"a}b\\\"};\",\"urlPost\":\"/common/x?a=1\\u0026b\"}");
    assertEquals("a}b\"};", page.flowToken());
    assertEquals(
        "https://login.microsoftonline.com/common/x?a=1&b", page.url("urlPost").toString());
    assertEquals(Page.Kind.SIGN_IN, page.kind());
    String spaced = page("{}").replace("$Config=", "$Config = ").replace(";\n//]]>", "");
    assertTrue(PageReader.read(spaced, BASE).isPresent());
  }

  @Test
  void knowsPagesByWhatTheyWant() throws Exception {
    assertEquals(Page.Kind.STAY_SIGNED_IN, read("{\"pgid\":\"KmsiInterrupt\"}").kind());
    assertEquals(Page.Kind.CONSENT, read("{\"pgid\":\"ConvergedConsent\"}").kind());
    assertEquals(
        Page.Kind.REGISTER_METHOD, read("{\"urlSkipMfaRegistration\":\"https://x/\"}").kind());
    assertEquals(Page.Kind.CHANGE_PASSWORD, read("{\"pgid\":\"ConvergedChangePassword\"}").kind());
    assertEquals(Page.Kind.REGISTER_METHOD, read("{\"pgid\":\"ConvergedProofUpRedirect\"}").kind());
    assertEquals(Page.Kind.OTHER, read("{\"pgid\":\"Something\"}").kind());
    Page factor =
        read(
            "{\"pgid\":\"ConvergedTFA\",\"arrUserProofs\":[{\"authMethodId\":\"OneWaySMS\","
                + "\"display\":\"+XX XXXXXXX42\",\"isDefault\":true},{\"display\":\"x\"},7,null]}");
    assertEquals(Page.Kind.SECOND_FACTOR, factor.kind());
    assertEquals(List.of(new Page.Proof("OneWaySMS", "+XX XXXXXXX42", true)), factor.proofs());
  }

  @Test
  void readsErrors() throws Exception {
    assertTrue(read("{\"sErrorCode\":\"50126\"}").error().orElseThrow().has(50126));
    assertTrue(read("{\"iErrorCode\":53003}").error().orElseThrow().has(53003));
    assertTrue(
        read("{\"strServiceExceptionMessage\":\"AADSTS90094: x\"}")
            .error()
            .orElseThrow()
            .has(90094));
    assertFalse(read("{\"sErrorCode\":\"\"}").error().isPresent());
    assertFalse(read("{\"sErrorCode\":\"0\"}").error().isPresent());
    assertFalse(read("{\"pgid\":\"KmsiInterrupt\",\"sErrorCode\":\"50140\"}").error().isPresent());
    assertTrue(read("{\"sErrorCode\":\"50203\"}").error().isPresent());
    assertFalse(
        read("{\"sErrorCode\":\"50203\",\"urlSkipMfaRegistration\":\"https://x/\"}")
            .error()
            .isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"urlPost\":\"http://login.microsoftonline.com/x\"}",
        "{\"urlPost\":\"javascript:alert(1)\"}",
        "{\"urlPost\":\"https://u:p@x/\"}",
        "{\"urlPost\":\"\"}",
        "{\"urlPost\":7}",
        "{}"
      })
  void takesHttpsUrlsOnly(String json) throws Exception {
    Page page = read(json);
    assertThrows(DomainUnavailable.class, () -> page.url("urlPost"));
  }

  @Test
  void sendsSecretsToThePagesOwnHostOnly() throws Exception {
    Page page =
        read("{\"urlPost\":\"https://evil.example/login\",\"urlEndAuth\":\"/SAS/EndAuth\"}");
    assertThrows(DomainUnavailable.class, () -> page.own("urlPost"));
    assertEquals(
        "https://login.microsoftonline.com/SAS/EndAuth", page.own("urlEndAuth").toString());
  }

  @Test
  void survivesRubbish() throws Exception {
    assertEquals(Optional.empty(), PageReader.read("", BASE));
    assertEquals(Optional.empty(), PageReader.read("<script>$Config={", BASE));
    assertEquals(Optional.empty(), PageReader.read("<script", BASE));
    assertThrows(DomainUnavailable.class, () -> read("{\"a\":"));
    assertThrows(DomainUnavailable.class, () -> read("{a:1}"));
    String deep = "{\"a\":".repeat(100_000);
    assertThrows(DomainUnavailable.class, () -> read(deep));
    String good = page("{\"pgid\":\"ConvergedTFA\",\"arrUserProofs\":[{\"authMethodId\":\"x\"}]}");
    Random random = new Random(7);
    for (int round = 0; round < 3000; round++) {
      char[] text = good.toCharArray();
      for (int i = random.nextInt(4); i >= 0; i--) {
        text[random.nextInt(text.length)] = (char) random.nextInt(0x180);
      }
      try {
        PageReader.read(new String(text), BASE).ifPresent(p -> p.proofs().size());
      } catch (DomainUnavailable e) {
        assertEquals(DomainUnavailable.Kind.PROTOCOL, e.kind());
      }
      HiddenForm.find(new String(text));
    }
  }

  @Test
  void readsFormsThatAScriptWouldSubmit() {
    HiddenForm form =
        HiddenForm.find(
                "<form method=\"POST\" name=\"hiddenform\" action=\"https://x/y?a=1&amp;b=2\">"
                    + "<INPUT type='hidden' value='1 &lt;&#38;&#x3e;' name='code'/>"
                    + "<input type=\"submit\" value=\"go\"></form><input name=\"n\" value=\"v\">")
            .orElseThrow();
    assertEquals("https://x/y?a=1&b=2", form.action());
    assertEquals(List.of(Map.entry("code", "1 <&>")), form.fields());
    assertEquals(Optional.empty(), HiddenForm.find("<form><input name=a value=b>"));
    assertEquals(Optional.empty(), HiddenForm.find("<form action=\"" + "x".repeat(4_000_000)));
  }

  @Test
  void keepsCookiesToTheirHosts() {
    Cookies cookies = new Cookies();
    List<String> lines =
        List.of(
            "a=1; path=/; secure; HttpOnly",
            "b=2; domain=.microsoftonline.com; path=/common",
            "c=3; domain=example.com",
            "d=4; domain=com",
            "e=5; Max-Age=0",
            "broken");
    cookies.learn(
        URI.create("https://login.microsoftonline.com/x"),
        new HttpReply(200, Map.of("set-cookie", lines), new byte[0]));
    assertEquals(
        Optional.of("a=1; b=2"),
        cookies.header(URI.create("https://login.microsoftonline.com/common/SAS")));
    assertEquals(
        Optional.of("b=2"),
        cookies.header(URI.create("https://other.microsoftonline.com/common/")));
    assertEquals(Optional.empty(), cookies.header(URI.create("https://example.com/")));
    assertEquals(Optional.empty(), cookies.header(URI.create("https://evil.com/")));
  }
}
