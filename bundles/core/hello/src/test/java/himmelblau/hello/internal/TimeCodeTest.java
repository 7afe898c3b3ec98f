package himmelblau.hello.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.hello.Totp;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeCodeTest {
  /** RFC 6238 appendix B, SHA-1, last six of the eight digits. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void vectors(long second, String code) {
    byte[] secret = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
    assertEquals(code, new String(TimeCode.at(secret, second / 30), StandardCharsets.US_ASCII));
  }

  /** RFC 4648 section 10. */
  @ParameterizedTest
  @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB"})
  void base32(String plain, String encoded) {
    assertEquals(encoded, TimeCode.base32(plain.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void uriForTheApp() {
    Totp.Enrolment enrolment =
        new Totp.Enrolment(Secret.ofText("x"), "PA", "Himmelblau ws17", "alice@contoso.com");
    assertEquals(
        "otpauth://totp/Himmelblau%20ws17:alice%40contoso.com?secret=PA"
            + "&issuer=Himmelblau%20ws17&algorithm=SHA1&digits=6&period=30",
        enrolment.uri());
  }
}
