package himmelblau.machine.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.secret.Secret;
import himmelblau.argon2.Argon2id;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives the 32-byte auth value from the hsm-pin. A generated pin has 192 random bits, which need
 * no stretching: a single HMAC keeps the start fast. Any other pin, set by an administrator, is
 * stretched with Argon2id.
 */
final class AuthValue {
  static final int BYTES = 32;

  private static final int GENERATED_CHARACTERS = 48;
  private static final int STRETCH_KIB = 32 * 1024;
  private static final int STRETCH_PASSES = 4;
  private static final int SALT_BYTES = 8;

  private AuthValue() {}

  /**
   * Derives it; the caller closes the result.
   *
   * @param pin the file's content, at least 24 bytes; borrowed
   */
  static Secret derive(Secret pin) {
    byte[] bytes = pin.copyBytes();
    try {
      return Secret.taking(generated(bytes) ? keyed(bytes) : stretched(bytes));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static boolean generated(byte[] pin) {
    if (pin.length != GENERATED_CHARACTERS) {
      return false;
    }
    for (byte b : pin) {
      if ((b < '0' || b > '9') && (b < 'a' || b > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static byte[] keyed(byte[] pin) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec("himmelblau machine auth value 1".getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal(pin);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime has no HMAC-SHA-256", e);
    }
  }

  private static byte[] stretched(byte[] pin) {
    byte[] rest = Arrays.copyOfRange(pin, SALT_BYTES, pin.length);
    try {
      return new Argon2id(STRETCH_KIB, STRETCH_PASSES)
          .derive(rest, Arrays.copyOf(pin, SALT_BYTES), BYTES);
    } finally {
      Arrays.fill(rest, (byte) 0);
    }
  }
}
