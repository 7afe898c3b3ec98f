package himmelblau.domain.oidc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.DomainUnavailable.Kind;
import himmelblau.api.secret.Secret;
import himmelblau.domain.oidc.internal.Issuer.Fault;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An issuer, or whoever speaks for it, that must not be believed: each with its sentence. */
class BadIssuerTest {
  private final OidcFixture at = new OidcFixture();

  private static void assertSays(String sentence, DomainUnavailable failure) {
    String text = String.valueOf(failure.getMessage());
    assertTrue(text.contains(sentence), text);
  }

  @ParameterizedTest
  @CsvSource({
    "ALG_NONE, is not signed (alg=none or encrypted)",
    "HMAC_WITH_PUBLIC_KEY, is signed with an algorithm that does not prove who made it",
    "SIGNED_BY_ANOTHER_KEY, is not signed by a key of the issuer",
    "ALGORITHM_OF_ANOTHER_KEY, is not signed by a key of the issuer",
    "WEAK_KEY, is not signed by a key of the issuer",
    "ACCESS_TOKEN_AS_ID_TOKEN, is not signed by a key of the issuer",
    "UNKNOWN_KEY_ID, is not signed by a key of the issuer",
    "WRONG_AUDIENCE, Unexpected JWT audience",
    "SEVERAL_AUDIENCES, is for another client (azp)",
    "WRONG_PARTY, is for another client (azp)",
    "WRONG_ISSUER, Unexpected JWT issuer",
    "EXPIRED, Expired JWT",
    "ISSUED_LATER, JWT issue time ahead of current time",
    "ISSUED_EARLIER, was issued before this sign-in began",
    "NO_SUBJECT, Missing JWT subject (sub) claim",
    "NO_ISSUE_TIME, Missing JWT issue time (iat) claim",
    "NO_EXPIRY, Missing JWT expiration (exp) claim",
    "NO_AUDIENCE, Missing JWT audience (aud) claim",
    "NO_ISSUER, Missing JWT issuer (iss) claim",
    "SPOILED_ELLIPTIC_SIGNATURE, is not signed by a key of the issuer",
    "SPOILED_SIGNATURE, is not signed by a key of the issuer",
    "NO_KEY_ID_OF_SEVERAL, is not signed by a key of the issuer",
    "NO_ID_TOKEN, gave no ID token",
    "HUGE_KEY_SET, a reply larger than 262144 bytes",
    "KEY_SET_IS_NO_JSON, cannot be read",
    "KEY_SET_REDIRECTS, 'redirects to another address, which is not followed'"
  })
  void noSessionComesOfItsTokens(Fault fault, String sentence) throws Exception {
    at.issuer.fault = fault;
    DomainUnavailable failure = assertThrows(DomainUnavailable.class, at::signIn);
    assertEquals(Kind.PROTOCOL, failure.kind());
    assertSays(sentence, failure);
    at.issuer.fault = Fault.NONE;
    at.signIn().close();
  }

  /** What the specifications allow. */
  @ParameterizedTest
  @CsvSource({"NO_KEY_ID", "ELLIPTIC_KEY", "NONCE_THAT_NOBODY_SENT", "UNKNOWN_CLAIMS"})
  void anIssuerMayDoThat(Fault allowed) throws Exception {
    at.issuer.fault = allowed;
    at.signIn().close();
  }

  @ParameterizedTest
  @CsvSource({
    "CALLS_ITSELF_OTHERWISE, 'both must be the same, character by character'",
    "NO_DEVICE_GRANT, does not offer the device authorization grant (RFC 8628)",
    "TOKEN_ENDPOINT_WITHOUT_TLS, The token_endpoint of https://id.example/realms/corp has no usable",
    "HUGE_METADATA, a reply larger than 131072 bytes",
    "METADATA_IS_NO_JSON, has metadata that cannot be read",
    "REDIRECT_LOOP, 'redirects to another address, which is not followed'",
    "CONTROL_CHARACTERS_IN_CODE, cannot be read"
  })
  void noCodeIsShownFromIt(Fault fault, String sentence) {
    at.issuer.fault = fault;
    DomainUnavailable failure = assertThrows(DomainUnavailable.class, at::signIn);
    assertEquals(Kind.PROTOCOL, failure.kind());
    assertSays(sentence, failure);
    assertEquals(0, at.issuer.asked("/token"));
  }

  /** A renewal is checked as a sign-in is, and the token for the next one is not lost. */
  @ParameterizedTest
  @CsvSource({
    "ALG_NONE",
    "HMAC_WITH_PUBLIC_KEY",
    "WRONG_AUDIENCE",
    "WRONG_ISSUER",
    "EXPIRED",
    "NO_ID_TOKEN"
  })
  void noRenewalComesOfItsTokens(Fault fault) throws Exception {
    try (var session = at.signIn();
        Secret renewal = session.renewal().orElseThrow()) {
      at.issuer.fault = fault;
      assertThrows(DomainUnavailable.class, () -> at.provider.renew(at.user(), renewal));
    }
  }

  @Test
  void noMessageRepeatsAToken() {
    for (Fault fault : Fault.values()) {
      if (fault == Fault.STALL_ONCE) {
        continue;
      }
      OidcFixture each = new OidcFixture();
      each.issuer.fault = fault;
      try {
        each.signIn().close();
      } catch (Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
          String text = cause.toString();
          assertTrue(!text.contains("eyJ") && !text.contains("device-CODE"), fault + ": " + text);
        }
      }
    }
  }

  @Test
  void aKeyThatTheIssuerBeganToUseIsFetched() throws Exception {
    at.signIn().close();
    assertEquals(1, at.issuer.asked("/keys"));
    at.issuer.rotateKeys();
    at.signIn().close();
    at.signIn().close();
    assertEquals(2, at.issuer.asked("/keys"));
  }

  @Test
  void inventedKeysCauseNoTraffic() throws Exception {
    at.signIn().close();
    at.issuer.fault = Fault.UNKNOWN_KEY_ID;
    Kind[] kinds = new Kind[8];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = assertThrows(DomainUnavailable.class, at::signIn).kind();
    }
    assertTrue(at.issuer.asked("/keys") <= 3, at.issuer::toString);
    assertEquals(Kind.TEMPORARY, kinds[kinds.length - 1], Arrays.toString(kinds));
    at.issuer.fault = Fault.NONE;
    at.signIn().close(); // a known key needs no request
  }
}
