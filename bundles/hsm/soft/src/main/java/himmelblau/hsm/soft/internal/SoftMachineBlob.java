package himmelblau.hsm.soft.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.DamagedBlob;
import himmelblau.hsm.envelope.Hkdf;
import java.security.MessageDigest;

/**
 * The machine key at rest: {@code version | fingerprint of the auth value | box}. The fingerprint
 * distinguishes a wrong auth value from a damaged blob; it is derived one way from 256 bits, so it
 * does not help to guess.
 */
final class SoftMachineBlob {
  private static final int VERSION = 1;
  private static final byte[] CONTEXT = BlobFrame.context("himmelblau.soft.machine", VERSION);

  private SoftMachineBlob() {}

  static byte[] wrap(byte[] key, Secret auth) {
    byte[] wrapping = auth.use(bytes -> Hkdf.derive(bytes, "soft machine key", 32));
    try {
      return BlobFrame.of(VERSION, fingerprint(auth), Box.close(wrapping, key, CONTEXT));
    } finally {
      BlobFrame.wipe(wrapping);
    }
  }

  static byte[] unwrap(byte[] blob, Secret auth) throws WrongPin, KeyRefused {
    byte[] fingerprint;
    byte[] box;
    try {
      BlobFrame frame = BlobFrame.read(blob, VERSION);
      fingerprint = frame.field();
      box = frame.field();
      frame.end();
    } catch (DamagedBlob e) {
      throw new KeyRefused("The soft machine key is damaged: " + e.getMessage(), e);
    }
    boolean expected = MessageDigest.isEqual(fingerprint, fingerprint(auth));
    byte[] wrapping = auth.use(bytes -> Hkdf.derive(bytes, "soft machine key", 32));
    try {
      byte[] key = Box.open(wrapping, box, CONTEXT);
      if (!expected) {
        BlobFrame.wipe(key);
        throw new KeyRefused("The soft machine key is damaged: its fingerprint was changed");
      }
      return key;
    } catch (DamagedBlob e) {
      if (expected) {
        throw new KeyRefused("The soft machine key is damaged: " + e.getMessage(), e);
      }
      throw new WrongPin();
    } finally {
      BlobFrame.wipe(wrapping);
    }
  }

  private static byte[] fingerprint(Secret auth) {
    return auth.use(bytes -> Hkdf.derive(bytes, "soft machine auth fingerprint", 16));
  }
}
