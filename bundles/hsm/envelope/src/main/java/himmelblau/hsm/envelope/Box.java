package himmelblau.hsm.envelope;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM: nonce (12 bytes), ciphertext, tag (16 bytes). */
public final class Box {
  /** How much longer a box is than what is in it. */
  public static final int OVERHEAD = 28;

  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Box() {}

  /** {@code length} fresh random bytes. */
  public static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /**
   * Encrypts and authenticates.
   *
   * @param key 32 bytes
   * @param context authenticated, not kept; the same must be given to {@link #open}
   */
  public static byte[] close(byte[] key, byte[] plain, byte[] context) {
    byte[] nonce = random(NONCE);
    byte[] box = new byte[plain.length + OVERHEAD];
    System.arraycopy(nonce, 0, box, 0, NONCE);
    try {
      cipher(Cipher.ENCRYPT_MODE, key, box, context).doFinal(plain, 0, plain.length, box, NONCE);
      return box;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime cannot encrypt with AES-256-GCM", e);
    }
  }

  /**
   * Opens a box; the caller wipes the result.
   *
   * @throws DamagedBlob if key, context or a byte of the box is not the one it was closed with
   */
  public static byte[] open(byte[] key, byte[] box, byte[] context) throws DamagedBlob {
    if (box.length < OVERHEAD) {
      throw new DamagedBlob("too short");
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, key, box, context).doFinal(box, NONCE, box.length - NONCE);
    } catch (AEADBadTagException e) {
      throw new DamagedBlob("cannot be opened with this key");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime cannot decrypt with AES-256-GCM", e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] box, byte[] context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, box, 0, NONCE));
    cipher.updateAAD(context);
    return cipher;
  }
}
