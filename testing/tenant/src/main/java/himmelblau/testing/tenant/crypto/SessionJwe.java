package himmelblau.testing.tenant.crypto;

import com.google.gson.JsonObject;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The two JWE shapes of the PRT protocol. Neither is what a stock JOSE library makes: responses say
 * {@code dir}/{@code A256GCM} but hold AES-CBC without a tag under a derived key, and of {@code
 * session_key_jwe} only the wrapped key means anything.
 */
public final class SessionJwe {
  private static final SecureRandom RANDOM = new SecureRandom();

  private SessionJwe() {}

  /** Wraps a session key to a transport key: RSA-OAEP with SHA-1 and MGF1-SHA-1, empty label. */
  public static String wrap(byte[] sessionKey, RSAPublicKey transportKey) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
      cipher.init(Cipher.ENCRYPT_MODE, transportKey);
      byte[] wrapped = cipher.doFinal(sessionKey);
      // The real service's content part does not authenticate either; clients must not look at it.
      return Encoding.b64u(Encoding.utf8("{\"enc\":\"A256GCM\",\"alg\":\"RSA-OAEP\"}"))
          + "."
          + Encoding.b64u(wrapped)
          + "."
          + Encoding.b64u(random(12))
          + "."
          + Encoding.b64u(random(1))
          + "."
          + Encoding.b64u(random(16));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("transport key cannot encrypt", e);
    }
  }

  /** Encrypts a response with a fresh 24-byte context. */
  public static String encrypt(byte[] sessionKey, byte[] plaintext, boolean gcm) {
    return encrypt(sessionKey, plaintext, gcm, random(24), random(gcm ? 12 : 16));
  }

  static String encrypt(byte[] sessionKey, byte[] plaintext, boolean gcm, byte[] ctx, byte[] iv) {
    JsonObject header = new JsonObject();
    header.addProperty("alg", "dir");
    header.addProperty("enc", "A256GCM");
    header.addProperty("ctx", Encoding.b64(ctx));
    String first = Encoding.b64u(Encoding.utf8(Jws.GSON.toJson(header)));
    SecretKeySpec key = new SecretKeySpec(SessionKeys.v1(sessionKey, ctx), "AES");
    try {
      byte[] text;
      byte[] tag = new byte[0];
      if (gcm) {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));
        cipher.updateAAD(Encoding.utf8(first));
        byte[] both = cipher.doFinal(plaintext);
        text = Arrays.copyOf(both, both.length - 16);
        tag = Arrays.copyOfRange(both, both.length - 16, both.length);
      } else {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, key, new javax.crypto.spec.IvParameterSpec(iv));
        text = cipher.doFinal(plaintext);
      }
      return first
          + ".."
          + Encoding.b64u(iv)
          + "."
          + Encoding.b64u(text)
          + "."
          + Encoding.b64u(tag);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
