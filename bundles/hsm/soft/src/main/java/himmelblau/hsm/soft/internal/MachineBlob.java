package himmelblau.hsm.soft.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.Damaged;
import himmelblau.hsm.envelope.Frame;
import himmelblau.hsm.envelope.Hkdf;
import java.security.MessageDigest;

/**
 * The machine key at rest: {@code version | fingerprint of the auth value | box}. The fingerprint
 * tells a wrong auth value from a damaged blob; it is derived one way from 256 bits, so it helps
 * nobody to guess.
 */
final class MachineBlob {
  private static final int VERSION = 1;
  private static final byte[] CONTEXT = Frame.context("himmelblau.soft.machine", VERSION);

  private MachineBlob() {}

  static byte[] wrap(byte[] key, Secret auth) {
    byte[] wrapping = auth.use(bytes -> Hkdf.derive(bytes, "soft machine key", 32));
    try {
      return Frame.of(VERSION, fingerprint(auth), Box.close(wrapping, key, CONTEXT));
    } finally {
      Frame.wipe(wrapping);
    }
  }

  static byte[] unwrap(byte[] blob, Secret auth) throws WrongPin, KeyRefused {
    byte[] fingerprint;
    byte[] box;
    try {
      Frame frame = Frame.read(blob, VERSION);
      fingerprint = frame.field();
      box = frame.field();
      frame.end();
    } catch (Damaged e) {
      throw new KeyRefused("The soft machine key is damaged: " + e.getMessage(), e);
    }
    boolean expected = MessageDigest.isEqual(fingerprint, fingerprint(auth));
    byte[] wrapping = auth.use(bytes -> Hkdf.derive(bytes, "soft machine key", 32));
    try {
      byte[] key = Box.open(wrapping, box, CONTEXT);
      if (!expected) {
        Frame.wipe(key);
        throw new KeyRefused("The soft machine key is damaged: its fingerprint was changed");
      }
      return key;
    } catch (Damaged e) {
      if (expected) {
        throw new KeyRefused("The soft machine key is damaged: " + e.getMessage(), e);
      }
      throw new WrongPin();
    } finally {
      Frame.wipe(wrapping);
    }
  }

  private static byte[] fingerprint(Secret auth) {
    return auth.use(bytes -> Hkdf.derive(bytes, "soft machine auth fingerprint", 16));
  }
}
