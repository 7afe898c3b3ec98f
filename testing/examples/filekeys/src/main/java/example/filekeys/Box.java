package example.filekeys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM: {@code nonce | ciphertext and tag}; the context is authenticated. */
final class Box {
  private static final int NONCE = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Box() {}

  /** The box was made with another key or context, or was changed. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(Throwable cause) {
      super("The box does not open", cause);
    }
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  static byte[] close(byte[] key, byte[] clear, String context) {
    byte[] nonce = random(NONCE);
    try {
      byte[] box = cipher(Cipher.ENCRYPT_MODE, key, nonce, context).doFinal(clear);
      byte[] all = Arrays.copyOf(nonce, NONCE + box.length);
      System.arraycopy(box, 0, all, NONCE, box.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot encrypt with AES-GCM", e);
    }
  }

  static byte[] open(byte[] key, byte[] box, String context) throws Damaged {
    if (box.length < NONCE + 16) {
      throw new Damaged(null);
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(box, NONCE), context)
          .doFinal(box, NONCE, box.length - NONCE);
    } catch (AEADBadTagException e) {
      throw new Damaged(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java cannot decrypt AES-GCM", e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, String context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no HMAC", e);
    }
  }

  /** A key of 32 bytes for one purpose. */
  static byte[] derive(byte[] key, String purpose) {
    return hmac(key, ("filekeys " + purpose).getBytes(StandardCharsets.UTF_8));
  }

  static void wipe(byte[]... arrays) {
    for (byte[] each : arrays) {
      Arrays.fill(each, (byte) 0);
    }
  }
}
