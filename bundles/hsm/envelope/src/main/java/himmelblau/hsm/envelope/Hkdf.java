package himmelblau.hsm.envelope;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Key derivation, RFC 5869 with HMAC-SHA-256 and no salt. */
public final class Hkdf {
  private static final int HASH = 32;

  private Hkdf() {}

  /**
   * Derives {@code length} bytes, which the caller wipes.
   *
   * @param key uniformly random input, at least 16 bytes
   * @param purpose separates this use from every other one
   */
  public static byte[] derive(byte[] key, String purpose, int length) {
    byte[] extracted = hmac(new byte[HASH], key);
    byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[length];
    byte[] block = new byte[0];
    try {
      for (int done = 0, counter = 1; done < length; counter++) {
        byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
        System.arraycopy(info, 0, input, block.length, info.length);
        input[input.length - 1] = (byte) counter;
        Arrays.fill(block, (byte) 0);
        block = hmac(extracted, input);
        Arrays.fill(input, (byte) 0);
        int take = Math.min(HASH, length - done);
        System.arraycopy(block, 0, out, done, take);
        done += take;
      }
      return out;
    } finally {
      Arrays.fill(block, (byte) 0);
      Arrays.fill(extracted, (byte) 0);
    }
  }

  /** HMAC-SHA-256. */
  public static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime has no HMAC-SHA-256", e);
    }
  }
}
