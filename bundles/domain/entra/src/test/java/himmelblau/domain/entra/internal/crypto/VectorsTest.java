package himmelblau.domain.entra.internal.crypto;

import static himmelblau.domain.entra.internal.Vectors.CTX24;
import static himmelblau.domain.entra.internal.Vectors.CTX32;
import static himmelblau.domain.entra.internal.Vectors.SESSION_KEY;
import static himmelblau.domain.entra.internal.Vectors.get;
import static himmelblau.domain.entra.internal.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.Vectors;
import himmelblau.testing.doubles.MemoryKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The test vectors of entra-tokens 12. */
class VectorsTest {
  private static final byte[] PAYLOAD = get("payload").getBytes(StandardCharsets.UTF_8);

  private static SessionKey session(byte[] key) {
    return new SessionKey(Secret.copyOf(key));
  }

  private static String derived(byte[] key, byte[] context) {
    return HexFormat.of().formatHex(session(key).derive(context));
  }

  @Test
  void derivesByVersionOne() {
    assertEquals(
        "261704508fac96248f7d3be91a017495fc867b984effbbd36059d69719da6375",
        derived(SESSION_KEY, CTX24));
    assertEquals(
        "1279d90d437951ba0c6d0814280b04c3a50ec14df2a82714491549edf8c6d791",
        derived(SESSION_KEY, CTX32));
    assertEquals(
        "5dfd7139b72241789a3a1bb834c10d7afedbbec5eda3da269fc48f112fae38c5",
        derived(new byte[32], new byte[24]));
  }

  @Test
  void derivesAsTheLiveServiceDoes() {
    assertEquals(
        "b0fcfcd863df6f583fa8321d4971926b2bfa8e4d12e9a7dd71e88b2df379d0a3",
        derived(
            hex("3987bc6d45c8d46e9969bf679b9f2a17922ed0d40055c313232f290ae9d87bf0"),
            hex("510a2a9284565f9421eb34a712f58e6585f6330b803f1bc3")));
  }

  @Test
  void derivesByVersionTwo() {
    assertEquals(
        "10963763754e3103710904b850cd829d4d6d439e0a6b53b8e576e40c67f9a7bb",
        HexFormat.of().formatHex(session(SESSION_KEY).derive(CTX24, PAYLOAD)));
    assertEquals(
        "ca6c8100e834f51ec97ff2d293f6f7f7f450762275ee6694d1315f9c3f3d8c2b",
        HexFormat.of().formatHex(session(SESSION_KEY).derive(CTX32, PAYLOAD)));
  }

  @Test
  void signsRequests() {
    assertEquals(get("jwt.v1"), session(SESSION_KEY).sign(PAYLOAD, CTX24, 1).revealText());
    assertEquals(get("jwt.v2"), session(SESSION_KEY).sign(PAYLOAD, CTX24, 2).revealText());
    assertNotEquals(
        session(SESSION_KEY).sign(PAYLOAD).revealText(),
        session(SESSION_KEY).sign(PAYLOAD).revealText(),
        "each request has a context of its own");
  }

  @Test
  void opensReplies() throws Exception {
    byte[] plain = get("reply.plain").getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(plain, session(SESSION_KEY).open(get("reply.cbc"), "r"));
    assertArrayEquals(plain, session(SESSION_KEY).open(get("reply.gcm"), "r"));
  }

  @Test
  void refusesRepliesThatWereChanged() {
    String gcm = get("reply.gcm");
    assertRefused(gcm.substring(0, gcm.length() - 6) + "AAAAAA");
    String cbc = get("reply.cbc");
    assertRefused(cbc.substring(0, cbc.length() - 6) + "AAAA.");
    assertRefused(cbc.replace("..", ".AAAA."));
    assertRefused("a.b.c");
    assertRefused("....");
    assertRefused(get("reply.plain"));
  }

  private static void assertRefused(String jwe) {
    DomainUnavailable e =
        assertThrows(DomainUnavailable.class, () -> session(SESSION_KEY).open(jwe, "The reply"));
    assertEquals(DomainUnavailable.Kind.PROTOCOL, e.kind());
  }

  @Test
  void writesPublicKeysAsBlobs() {
    MemoryKey transport = Vectors.key("transport");
    assertEquals(get("blob.transport"), Base64s.standard(RsaBlob.of(transport.publicKey())));
    assertEquals(283, RsaBlob.of(transport.publicKey()).length);
    MemoryKey hello = Vectors.key("hello");
    assertEquals(get("blob.hello"), Base64s.standard(RsaBlob.of(hello.publicKey())));
    assertEquals("QmZlFjwudA6AQ9cpEDZOponOLkdeQUy4fUfLYWEBmtA=", RsaBlob.kid(hello.publicKey()));
  }

  @Test
  void unwrapsSessionKeys() throws Exception {
    try (SessionKey key = WrappedSessionKey.unwrap(get("session.jwe"), Vectors.key("transport"))) {
      assertArrayEquals(SESSION_KEY, key.copy().copyBytes());
    }
    assertThrows(
        DomainUnavailable.class,
        () -> WrappedSessionKey.unwrap(get("session.jwe"), Vectors.key("device")));
    assertThrows(
        DomainUnavailable.class, () -> WrappedSessionKey.unwrap("a.b", Vectors.key("transport")));
  }

  @Test
  void asksForCertificates() throws Exception {
    assertEquals(get("csr"), Base64s.standard(SigningRequest.of(Vectors.key("device"))));
  }

  @Test
  void readsDeviceCertificates() throws Exception {
    byte[] der = Base64.getDecoder().decode(get("certificate"));
    DeviceCertificate certificate = DeviceCertificate.of(der, Vectors.key("device").publicKey());
    assertEquals(UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"), certificate.deviceId());
    assertArrayEquals(der, certificate.der());
    assertThrows(
        DomainUnavailable.class, () -> DeviceCertificate.of(der, Vectors.key("hello").publicKey()));
    assertThrows(
        DomainUnavailable.class,
        () -> DeviceCertificate.of(new byte[20], Vectors.key("device").publicKey()));
  }

  @Test
  void signsWithTheDevice() throws Exception {
    String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"x5c\":[\"" + get("certificate") + "\"]}";
    String jwt =
        Jws.rs256(
                header, get("prt.payload").getBytes(StandardCharsets.UTF_8), Vectors.key("device"))
            .revealText();
    assertEquals(2413, jwt.length());
    assertEquals(get("prt.signature"), jwt.substring(jwt.lastIndexOf('.') + 1));
    assertEquals(
        "3855ea43fe247148988501693a8d9990ace8512796d1b072e39d2384a9221fa7",
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(jwt.getBytes(StandardCharsets.US_ASCII))));
  }
}
