package himmelblau.sso.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proofs of possession with the key that is made for the user. */
@NullUnmarked
@Timeout(60)
class SignedRequestTest {
  private static final String POP =
      """
      "popParams":{"authenticationScheme":"pop","uriHost":"https://api.example:8443/v1/x?y=z",\
      "httpMethod":"POST","nonce":"n-1","clientClaims":"{\\"a\\":1}"%s}""";

  @TempDir Path temp;
  private SsoFixture lab;

  @BeforeEach
  void signIn() {
    lab = new SsoFixture(temp);
    lab.signIn(SsoFixture.ADA);
    lab.signIn(SsoFixture.BOB);
  }

  private static byte[] decoded(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  private static JsonObject json(String part) {
    return JsonParser.parseString(new String(decoded(part), StandardCharsets.UTF_8))
        .getAsJsonObject();
  }

  /** Its claims, after the signature and the id of the key were checked. */
  private static JsonObject claims(String signed) throws Exception {
    String[] parts = signed.split("\\.");
    assertEquals(3, parts.length);
    JsonObject claims = json(parts[1]);
    JsonObject jwk = claims.getAsJsonObject("cnf").getAsJsonObject("jwk");
    String n = jwk.get("n").getAsString();
    String e = jwk.get("e").getAsString();
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(
        KeyFactory.getInstance("RSA")
            .generatePublic(
                new RSAPublicKeySpec(
                    new BigInteger(1, decoded(n)), new BigInteger(1, decoded(e)))));
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertTrue(signature.verify(decoded(parts[2])));
    String canonical = "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}".formatted(e, n);
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
    JsonObject header = json(parts[0]);
    assertEquals("RS256", header.get("alg").getAsString());
    assertEquals("pop", header.get("typ").getAsString());
    assertEquals(
        Base64.getUrlEncoder().withoutPadding().encodeToString(digest),
        header.get("kid").getAsString());
    return claims;
  }

  private static String kid(String signed) {
    return json(signed.split("\\.")[0]).get("kid").getAsString();
  }

  private String signed(String pop) throws Exception {
    return lab.call(SsoFixture.ADA, "generateSignedHttpRequest", "{\"clientId\":\"c\"," + pop + "}")
        .get("signedHttpRequest")
        .getAsString();
  }

  private static void isTheRequest(JsonObject claims) {
    assertEquals("POST", claims.get("m").getAsString());
    assertEquals("api.example:8443", claims.get("u").getAsString());
    assertEquals("/v1/x", claims.get("p").getAsString());
    assertEquals("n-1", claims.get("nonce").getAsString());
    assertEquals("{\"a\":1}", claims.get("client_claims").getAsString());
  }

  @Test
  void aTokenWithoutAKeyOfTheProgramComesInASignedRequest() throws Exception {
    JsonObject reply = lab.token(SsoFixture.ADA, POP.formatted(""));
    assertEquals(1, reply.get("accessTokenType").getAsInt());
    String signed = reply.get("accessToken").getAsString();
    JsonObject claims = claims(signed);
    isTheRequest(claims);
    assertEquals("token 1 by prt-of-ada", claims.get("at").getAsString());
    assertEquals(lab.now.getEpochSecond(), claims.get("ts").getAsLong());
    assertEquals(Optional.of(kid(signed)), lab.tokens.asked.get(0).popKey());

    lab.now = lab.now.plusSeconds(60);
    claims = claims(lab.token(SsoFixture.ADA, POP.formatted("")).get("accessToken").getAsString());
    assertEquals(lab.now.getEpochSecond(), claims.get("ts").getAsLong(), "signed anew");
    assertEquals("token 1 by prt-of-ada", claims.get("at").getAsString(), "the kept token");
  }

  @Test
  void aRequestIsSignedWithTheSameKeyAndBringsNoToken() throws Exception {
    String withToken =
        lab.token(SsoFixture.ADA, POP.formatted("")).get("accessToken").getAsString();
    String signed = signed(POP.formatted(""));
    JsonObject claims = claims(signed);
    isTheRequest(claims);
    assertFalse(claims.has("at"));
    assertEquals(kid(withToken), kid(signed));
    claims = claims(signed("\"popParams\":{\"uriHost\":\"api.example\"}"));
    assertEquals("api.example", claims.get("u").getAsString());
    assertFalse(claims.has("p") || claims.has("m"));
  }

  @Test
  void eachUserHasAKeyOfTheirOwnWhichEndsWithSingleSignOn() throws Exception {
    String before = kid(signed(POP.formatted("")));
    String bobs =
        lab.call(SsoFixture.BOB, "generateSignedHttpRequest", "{" + POP.formatted("") + "}")
            .get("signedHttpRequest")
            .getAsString();
    assertNotEquals(before, kid(bobs));
    lab.service.forget(SsoFixture.ADA.name(), "a test");
    assertEquals("Failed to authenticate user", refused(POP.formatted("")));
    lab.signIn(SsoFixture.ADA);
    assertNotEquals(before, kid(signed(POP.formatted(""))));
  }

  private String refused(String pop) throws Exception {
    return SsoFixture.context(
        lab.call(SsoFixture.ADA, "generateSignedHttpRequest", "{" + pop + "}"));
  }

  @Test
  void nothingIsSignedForOthersOrForOtherKeys() throws Exception {
    String own = SsoFixture.ADA.objectId().orElseThrow() + "." + SsoFixture.TENANT;
    String bobs = SsoFixture.BOB.objectId().orElseThrow() + "." + SsoFixture.TENANT;
    claims(signed(POP.formatted(",\"homeAccountId\":\"" + own + "\"")));
    assertEquals(
        "Invalid request for user!", refused(POP.formatted(",\"homeAccountId\":\"" + bobs + "\"")));
    assertEquals("The caller's own key signs elsewhere", refused(POP.formatted(",\"kid\":\"k1\"")));
    assertEquals("Invalid httpMethod", refused("\"popParams\":{\"httpMethod\":\"get\"}"));
    assertEquals("Invalid uriHost", refused("\"popParams\":{\"uriHost\":\"a b\"}"));
    assertEquals("Invalid uriHost", refused("\"popParams\":{\"uriHost\":\"https://[\"}"));
    for (long uid : new long[] {0, 1000}) {
      JsonObject reply = lab.call(uid, "generateSignedHttpRequest", "{" + POP.formatted("") + "}");
      assertEquals("Unable to find account", SsoFixture.context(reply));
    }
  }
}
