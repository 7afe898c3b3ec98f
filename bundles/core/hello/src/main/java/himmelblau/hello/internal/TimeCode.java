package himmelblau.hello.internal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** RFC 6238 with SHA-1, 6 digits and steps of 30 seconds. */
final class TimeCode {
  static final int STEP_SECONDS = 30;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private TimeCode() {}

  /** The six digits, as ASCII, that belong to a time step. */
  static byte[] at(byte[] secret, long step) {
    byte[] mac = hmac(secret, ByteBuffer.allocate(8).putLong(step).array());
    int offset = mac[mac.length - 1] & 0xf; // RFC 4226 section 5.3
    int number = (ByteBuffer.wrap(mac).getInt(offset) & 0x7fffffff) % 1_000_000;
    byte[] digits = new byte[6];
    for (int i = 5; i >= 0; i--) {
      digits[i] = (byte) ('0' + number % 10);
      number /= 10;
    }
    return digits;
  }

  private static byte[] hmac(byte[] secret, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has HmacSHA1", e);
    }
  }

  /** RFC 4648 section 6, without padding. */
  static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte b : bytes) {
      buffer = ((buffer << 8) | (b & 0xff)) & 0xfff;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(BASE32.charAt((buffer >> bits) & 31));
      }
    }
    if (bits > 0) {
      text.append(BASE32.charAt((buffer << (5 - bits)) & 31));
    }
    return text.toString();
  }
}
