package himmelblau.testing.tenant.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The two base64 alphabets of the protocol, and SHA digests that always exist. */
public final class Encoding {
  private Encoding() {}

  /** RFC 4648 section 5 without padding. */
  public static String b64u(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** RFC 4648 section 4 with padding. */
  public static String b64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * Decodes either alphabet, padded or not.
   *
   * @throws IllegalArgumentException when the text is in neither
   */
  public static byte[] decode(String text) {
    String plain = text.replace('-', '+').replace('_', '/');
    int end = plain.length();
    while (end > 0 && plain.charAt(end - 1) == '=') {
      end--;
    }
    return Base64.getDecoder().decode(plain.substring(0, end));
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] sha1(byte[] bytes) {
    return digest("SHA-1", bytes);
  }

  public static byte[] sha256(byte[] bytes) {
    return digest("SHA-256", bytes);
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
