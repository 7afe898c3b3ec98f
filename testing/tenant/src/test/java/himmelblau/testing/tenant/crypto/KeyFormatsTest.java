package himmelblau.testing.tenant.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFormatsTest {
  @Test
  void readsAndWritesKeyBlobs() throws Exception {
    RSAPublicKey transport = (RSAPublicKey) Vectors.key("transport").getPublic();
    byte[] blob = Encoding.decode(Vectors.text("blob.transport"));
    assertEquals(283, blob.length);
    assertEquals(transport, RsaBlob.parse(blob));
    assertArrayEquals(blob, RsaBlob.of(transport));
  }

  @Test
  void namesAHelloKeyByItsBlob() {
    assertEquals(
        Vectors.text("hello.kid"), RsaBlob.keyId(Encoding.decode(Vectors.text("blob.hello"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 8, 12, 16, 20, 282})
  void refusesADamagedBlob(int where) {
    byte[] blob = Encoding.decode(Vectors.text("blob.transport"));
    byte[] damaged = blob.clone();
    if (where == 282) {
      damaged = java.util.Arrays.copyOf(blob, 282);
    } else {
      damaged[where] ^= 0x55;
    }
    byte[] sent = damaged;
    assertThrows(IllegalArgumentException.class, () -> RsaBlob.parse(sent));
  }

  @Test
  void verifiesADeviceSignedRequest() throws Exception {
    X509Certificate certificate = Vectors.certificate();
    String header =
        "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"x5c\":[\"" + Vectors.text("certificate") + "\"]}";
    String compact =
        Encoding.b64u(Encoding.utf8(header))
            + "."
            + Encoding.b64u(Encoding.utf8(Vectors.text("prt.payload")))
            + "."
            + Vectors.text("prt.signature");
    assertEquals(
        Vectors.text("prt.sha256"),
        HexFormat.of().formatHex(Encoding.sha256(Encoding.utf8(compact))));
    assertTrue(Jws.parse(compact).verifiesRs256(certificate.getPublicKey()));
    assertFalse(Jws.parse(compact).verifiesRs256(Vectors.key("hello").getPublic()));
  }

  @Test
  void verifiesAHelloAssertionAndAClientAssertion() throws Exception {
    Jws assertion = Jws.parse(Vectors.text("assertion"));
    assertTrue(assertion.verifiesRs256(Vectors.key("hello").getPublic()));
    assertEquals(Vectors.text("hello.kid"), assertion.headerText("kid").orElseThrow());
    Jws client = Jws.parse(Vectors.text("client_assertion"));
    assertTrue(client.verifiesRsa(Vectors.certificate().getPublicKey()));
    assertArrayEquals(
        Encoding.sha1(Vectors.certificate().getEncoded()),
        Encoding.decode(client.headerText("x5t").orElseThrow()));
  }

  @Test
  void doesNotTakeUnsignedForSigned() throws Exception {
    Jws none = Jws.parse(Vectors.text("id_token"));
    assertFalse(none.verifiesRs256(Vectors.key("device").getPublic()));
    assertFalse(none.verifiesRsa(Vectors.key("device").getPublic()));
    assertFalse(none.verifiesSession(new byte[32]));
  }

  @Test
  void writesAnUnsignedToken() {
    JsonObject payload = JsonParser.parseString(Vectors.text("id_token.payload")).getAsJsonObject();
    assertEquals(Vectors.text("id_token"), Jws.unsigned(payload));
  }

  @Test
  void readsACertificateRequest() throws Exception {
    JcaPKCS10CertificationRequest csr =
        new JcaPKCS10CertificationRequest(Encoding.decode(Vectors.text("csr")));
    assertEquals(Vectors.key("device").getPublic(), csr.getPublicKey());
    assertTrue(
        csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(csr.getPublicKey())));
  }

  /** Issuer and extensions must be those of the vector to the byte. */
  @Test
  void issuesCertificatesOfTheSameShape() throws Exception {
    X509Certificate wanted = Vectors.certificate();
    DeviceCertificates authority = new DeviceCertificates(Vectors.key("ca"));
    X509Certificate issued =
        authority.issue(
            Vectors.key("device").getPublic(),
            new DeviceCertificates.Subject(
                UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
                UUID.fromString("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
                UUID.fromString("12345678-9abc-def0-1234-56789abcdef0"),
                true,
                "EU"),
            Instant.parse("2026-01-01T00:00:00Z"));
    assertArrayEquals(
        wanted.getIssuerX500Principal().getEncoded(), issued.getIssuerX500Principal().getEncoded());
    assertEquals(wanted.getSubjectX500Principal(), issued.getSubjectX500Principal());
    assertEquals(wanted.getCriticalExtensionOIDs(), issued.getCriticalExtensionOIDs());
    assertEquals(wanted.getNonCriticalExtensionOIDs(), issued.getNonCriticalExtensionOIDs());
    for (String oid : wanted.getNonCriticalExtensionOIDs()) {
      assertArrayEquals(wanted.getExtensionValue(oid), issued.getExtensionValue(oid), oid);
    }
    assertTrue(authority.issued(wanted));
    assertTrue(authority.issued(issued));
    assertFalse(new DeviceCertificates(Vectors.key("hello")).issued(issued));
  }

  @Test
  void makesTheCodesOfRfc6238() {
    byte[] secret = Encoding.utf8("12345678901234567890");
    assertEquals("287082", Totp.code(secret, Totp.step(Instant.ofEpochSecond(59))));
    assertEquals("081804", Totp.code(secret, Totp.step(Instant.ofEpochSecond(1111111109))));
    assertEquals("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Totp.base32(secret));
  }
}
