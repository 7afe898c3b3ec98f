package himmelblau.testing.tenant.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

class SessionCryptoTest {
  private static final byte[] KEY = Vectors.hex("sk");

  @Test
  void derivesByVersion1() {
    assertArrayEquals(Vectors.hex("kdf1.ctx24"), SessionKeys.v1(KEY, Vectors.hex("ctx24")));
    assertArrayEquals(Vectors.hex("kdf1.ctx32"), SessionKeys.v1(KEY, Vectors.hex("ctx32")));
    assertArrayEquals(Vectors.hex("kdf1.zero"), SessionKeys.v1(new byte[32], new byte[24]));
  }

  @Test
  void derivesAsTheRealServiceDid() {
    assertArrayEquals(
        Vectors.hex("captured.derived"),
        SessionKeys.v1(Vectors.hex("captured.key"), Vectors.hex("captured.ctx")));
  }

  @Test
  void derivesByVersion2FromTheBytesThatWereSent() {
    byte[] payload = Encoding.utf8(Vectors.text("kdf2.payload"));
    assertArrayEquals(
        Vectors.hex("kdf2.ctx24"), SessionKeys.v2(KEY, Vectors.hex("ctx24"), payload));
    assertArrayEquals(
        Vectors.hex("kdf2.ctx32"), SessionKeys.v2(KEY, Vectors.hex("ctx32"), payload));
    byte[] wrong = Encoding.utf8(Encoding.b64u(payload));
    assertEquals(
        "f7fa26811f0db80282e1888b5e35748b2a78a3fbc504c059ee3ddadf70e54b8d",
        HexFormat.of().formatHex(SessionKeys.v2(KEY, Vectors.hex("ctx24"), wrong)));
  }

  @Test
  void verifiesRequestsOfBothVersions() {
    for (String name : new String[] {"jwt.v1", "jwt.v2"}) {
      Jws jwt = Jws.parse(Vectors.text(name));
      assertTrue(jwt.verifiesSession(KEY), name);
      assertFalse(jwt.verifiesSession(new byte[32]), name);
    }
  }

  @Test
  void refusesARequestWhoseClaimsWereChanged() {
    String[] parts = Vectors.text("jwt.v2").split("\\.");
    String other = Encoding.b64u(Encoding.utf8("{\"refresh_token\":\"OTHER\"}"));
    assertFalse(Jws.parse(parts[0] + "." + other + "." + parts[2]).verifiesSession(KEY));
  }

  @Test
  void encryptsResponsesInBothForms() {
    byte[] plain = Encoding.utf8(Vectors.text("response.plain"));
    byte[] iv = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    byte[] gcmIv = HexFormat.of().parseHex("e0e1e2e3e4e5e6e7e8e9eaeb");
    byte[] ctx = Vectors.hex("ctx24");
    assertEquals(Vectors.text("response.cbc"), SessionJwe.encrypt(KEY, plain, false, ctx, iv));
    assertEquals(Vectors.text("response.gcm"), SessionJwe.encrypt(KEY, plain, true, ctx, gcmIv));
  }

  @Test
  void wrapsASessionKeyForTheTransportKey() throws Exception {
    KeyPair transport = Vectors.key("transport");
    for (String jwe :
        new String[] {
          Vectors.text("session_key_jwe"),
          SessionJwe.wrap(KEY, (RSAPublicKey) transport.getPublic())
        }) {
      String[] parts = jwe.split("\\.", -1);
      assertEquals(5, parts.length);
      assertEquals(12, Encoding.decode(parts[2]).length);
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
      cipher.init(Cipher.DECRYPT_MODE, transport.getPrivate());
      assertArrayEquals(KEY, cipher.doFinal(Encoding.decode(parts[1])));
    }
  }

  @Test
  void makesAnotherResponseEachTime() {
    byte[] plain = {1, 2, 3};
    assertNotEquals(SessionJwe.encrypt(KEY, plain, false), SessionJwe.encrypt(KEY, plain, false));
  }
}
