package himmelblau.hsm.pkcs11.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Removes RSA-OAEP padding (RFC 8017 7.1.2, step 3) without a timing difference between errors. */
final class OaepPadding {
  /** Size of the modulus. */
  static final int BYTES = 256;

  private OaepPadding() {}

  static Secret remove(byte[] raw, Oaep oaep) throws KeyRefused {
    byte[] padded = new byte[BYTES];
    System.arraycopy(raw, 0, padded, BYTES - raw.length, raw.length);
    MessageDigest hash = digest(oaep);
    int size = hash.getDigestLength();
    byte[] seed = Arrays.copyOfRange(padded, 1, 1 + size);
    byte[] data = Arrays.copyOfRange(padded, 1 + size, BYTES);
    mask(seed, data, hash);
    mask(data, seed, hash);
    byte[] expected = hash.digest(new byte[0]);
    int bad = padded[0];
    for (int i = 0; i < size; i++) {
      bad |= data[i] ^ expected[i];
    }
    int start = 0;
    int found = 0; // all ones once the separator was seen
    for (int i = size; i < data.length; i++) {
      int isOne = mask(data[i] ^ 1);
      int isZero = mask(data[i]);
      start |= ~found & isOne & (i + 1);
      bad |= ~found & ~isOne & ~isZero;
      found |= isOne;
    }
    bad |= ~found;
    try {
      if (bad != 0) {
        throw new KeyRefused("The ciphertext was not made for this key, or was changed");
      }
      return Secret.copyOf(Arrays.copyOfRange(data, start, data.length));
    } finally {
      BlobFrame.wipe(padded, data, seed);
    }
  }

  /** All ones if {@code value} is zero, else zero. */
  private static int mask(int value) {
    return ((value & 0xff) - 1) >> 31;
  }

  /** MGF1 of {@code from} over {@code target}. */
  private static void mask(byte[] target, byte[] from, MessageDigest hash) {
    for (int at = 0, counter = 0; at < target.length; counter++) {
      hash.update(from);
      byte[] block = hash.digest(BlobFrame.number(counter));
      for (int i = 0; i < block.length && at < target.length; i++, at++) {
        target[at] ^= block[i];
      }
    }
  }

  private static MessageDigest digest(Oaep oaep) {
    try {
      return MessageDigest.getInstance(oaep == Oaep.SHA1 ? "SHA-1" : "SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime has no " + oaep, e);
    }
  }
}
