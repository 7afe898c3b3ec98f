package himmelblau.testing.tenant.crypto;

import java.nio.ByteBuffer;
import java.time.Instant;

/** RFC 6238 with the values every authenticator app uses: SHA-1, 30 seconds, 6 digits. */
public final class Totp {
  private static final int STEP_SECONDS = 30;

  private Totp() {}

  public static long step(Instant now) {
    return Math.floorDiv(now.getEpochSecond(), STEP_SECONDS);
  }

  public static String code(byte[] secret, long step) {
    byte[] mac = SessionKeys.hmac("HmacSHA1", secret, ByteBuffer.allocate(8).putLong(step).array());
    int offset = mac[mac.length - 1] & 0xf;
    int value = ByteBuffer.wrap(mac).getInt(offset) & 0x7fffffff;
    return String.format("%06d", value % 1_000_000);
  }

  /** RFC 4648 base32 without padding, as apps take a secret. */
  public static String base32(byte[] secret) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    StringBuilder text = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte b : secret) {
      buffer = (buffer << 8) | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(alphabet.charAt((buffer >> bits) & 31));
      }
    }
    if (bits > 0) {
      text.append(alphabet.charAt((buffer << (5 - bits)) & 31));
    }
    return text.toString();
  }
}
