package himmelblau.testing.tenant.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Key derivation from a PRT session key: NIST SP 800-108 in counter mode with HMAC-SHA-256 and one
 * block, in the two versions that the service knows.
 */
public final class SessionKeys {
  private static final byte[] LABEL = Encoding.utf8("AzureAD-SecureConversation");

  private SessionKeys() {}

  /** Version 1: the context goes into the derivation as it is. */
  public static byte[] v1(byte[] sessionKey, byte[] context) {
    ByteBuffer input = ByteBuffer.allocate(4 + LABEL.length + 1 + context.length + 4);
    input.putInt(1).put(LABEL).put((byte) 0).put(context).putInt(256);
    return hmac(sessionKey, input.array());
  }

  /** Version 2: the context is bound to the claims, hashed as the bytes that were sent. */
  public static byte[] v2(byte[] sessionKey, byte[] context, byte[] payload) {
    ByteBuffer bound = ByteBuffer.allocate(context.length + payload.length);
    bound.put(context).put(payload);
    return v1(sessionKey, Encoding.sha256(bound.array()));
  }

  public static byte[] hmac(byte[] key, byte[] message) {
    return hmac("HmacSHA256", key, message);
  }

  static byte[] hmac(String algorithm, byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
