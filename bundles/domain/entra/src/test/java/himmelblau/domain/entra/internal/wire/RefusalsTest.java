package himmelblau.domain.entra.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.http.HttpReply;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The directory's numbers and what a user reads (host-behaviour appendix A). */
class RefusalsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "50126 | WRONG_PASSWORD | true | Authentication failed (AADSTS50126)",
        "50034 | NO_SUCH_ACCOUNT | false | Authentication failed (AADSTS50034)",
        "50057 | ACCOUNT_DISABLED | false | Authentication failed (AADSTS50057)",
        "50053 | ACCOUNT_LOCKED | false | Authentication failed (AADSTS50053)",
        "53003 | BLOCKED_BY_POLICY | false | Authentication failed (AADSTS53003)",
        "50076 | FACTOR_MISSING | false | Multi-factor authentication required. Please try signing in again.",
        "500121 | FACTOR_FAILED | false | Authentication failed. Please try again.",
        "65001 | CONSENT_REQUIRED | false | Consent required. Please contact your administrator.",
        "50155 | DEVICE_REMOVED | false | Device has been removed from the domain.",
        "135011 | DEVICE_DISABLED | false |"
            + " This computer was disabled in the directory. Please contact your administrator.",
        "130007 | DEVICE_DISABLED | false |"
            + " This computer was disabled in the directory. Please contact your administrator.",
        "70008 | RENEWAL_DEAD | false | Your session has expired. Please sign in again.",
        "50144 | ACTION_REQUIRED | false | Password change required. Please contact your administrator.",
        "90002 | ACTION_REQUIRED | false | Authentication failed: Configuration error. Please contact your administrator."
      })
  void saysWhatItMeans(int code, Reason reason, boolean retry, String text) throws Exception {
    SignInRefused refused = AadstsError.of(code, "the directory's own words").refused();
    assertEquals(reason, refused.reason());
    assertEquals(text, refused.text());
    assertEquals(retry, refused.retry());
    assertEquals(Optional.of("AADSTS" + code), refused.code());
  }

  @ParameterizedTest
  @ValueSource(ints = {90055, 90006, 90033})
  void aBusyDirectoryHasDecidedNothing(int code) {
    DomainUnavailable busy =
        assertThrows(DomainUnavailable.class, () -> AadstsError.of(code, "").refused());
    assertEquals(DomainUnavailable.Kind.TEMPORARY, busy.kind());
    assertEquals(
        "Authentication service is temporarily unavailable. Please try again shortly.",
        busy.getMessage());
  }

  private static HttpReply reply(int status, String body) {
    return new HttpReply(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsErrorBodies() throws Exception {
    AadstsError pending =
        AadstsError.of(
            reply(400, "{\"error\":\"authorization_pending\",\"error_codes\":[70016]}"), "x");
    assertTrue(pending.has(70016));
    assertEquals("authorization_pending", pending.name());
    AadstsError described =
        AadstsError.of(
            reply(400, "{\"error\":\"e\",\"error_description\":\"AADSTS50076: Due to\"}"), "x");
    assertTrue(described.has(50076, 1));
    assertFalse(described.has(1));
    assertEquals(
        DomainUnavailable.Kind.TEMPORARY,
        assertThrows(DomainUnavailable.class, () -> AadstsError.of(reply(503, "<html>"), "x"))
            .kind());
    assertEquals(
        DomainUnavailable.Kind.PROTOCOL,
        assertThrows(DomainUnavailable.class, () -> AadstsError.of(reply(404, "[]"), "x")).kind());
  }

  @Test
  void writesBodiesThatNothingBreaksOutOf() {
    Secret hostile = Secret.ofText("a\"\\\n&=%ü");
    byte[] json = RequestBody.json().with("p", hostile).with("n", 1).withNull("z").finish();
    assertEquals(
        "{\"p\":\"a\\\"\\\\\\u000a&=%ü\",\"n\":1,\"z\":null}",
        new String(json, StandardCharsets.UTF_8));
    byte[] form = RequestBody.form().with("p q", hostile).with("r", "x y").finish();
    assertEquals(
        "p%20q=a%22%5C%0A%26%3D%25%C3%BC&r=x%20y", new String(form, StandardCharsets.UTF_8));
  }

  @Test
  void namesWhatIsMissingAndNothingElse() {
    DomainUnavailable e =
        assertThrows(
            DomainUnavailable.class,
            () -> Json.parse("{\"secret\":\"S3CRET\"}", "The reply").require("access_token"));
    assertEquals("The reply has no access_token", e.getMessage());
    DomainUnavailable broken =
        assertThrows(DomainUnavailable.class, () -> Json.parse("{\"a\":S3CRET", "The reply"));
    assertEquals("The reply is not JSON", broken.getMessage());
  }
}
