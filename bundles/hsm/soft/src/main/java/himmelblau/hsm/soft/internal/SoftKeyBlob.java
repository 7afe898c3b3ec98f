package himmelblau.hsm.soft.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.DamagedBlob;
import himmelblau.hsm.envelope.PinStretch;
import org.jspecify.annotations.Nullable;

/**
 * Keys at rest: {@code version | PIN cost (empty without PIN) | outer box}. The outer box, under
 * the machine key, authenticates everything; inside, a PIN-protected key is in a second box under
 * the stretched PIN. This distinguishes damage from wrong PINs, and the cost is authenticated
 * before it is used.
 */
final class SoftKeyBlob {
  private static final int VERSION = 1;

  private final byte[] wrapping;
  private final byte[] pepper;

  /** Takes over both keys. */
  SoftKeyBlob(byte[] wrapping, byte[] pepper) {
    this.wrapping = wrapping;
    this.pepper = pepper;
  }

  WrappedKey wrap(KeyMaterial material, @Nullable Secret pin) {
    byte[] inner = BlobFrame.of(VERSION, material.secret(), material.open(), material.seal());
    byte[] cost = new byte[0];
    try {
      if (pin != null) {
        if (pin.isEmpty() || pin.length() > 64) {
          throw new IllegalArgumentException("A PIN has 1 to 64 bytes");
        }
        PinStretch stretch = PinStretch.fresh();
        cost = stretch.encoded();
        byte[] pinKey = stretched(stretch, pin);
        byte[] clear = inner;
        inner = Box.close(pinKey, clear, innerContext(material.spec()));
        BlobFrame.wipe(clear, pinKey);
      }
      byte[] outer = Box.close(wrapping, inner, outerContext(material.spec(), pin != null, cost));
      return new WrappedKey(
          SoftKeyStore.SOFT, material.spec(), pin != null, BlobFrame.of(VERSION, cost, outer));
    } finally {
      BlobFrame.wipe(inner);
    }
  }

  KeyMaterial unwrap(WrappedKey key, @Nullable Secret pin) throws WrongPin, KeyRefused {
    if (!key.store().equals(SoftKeyStore.SOFT)) {
      throw new KeyRefused(
          "This key was made by the key store \"" + key.store() + "\", not by the soft one");
    }
    byte[] inner;
    byte[] cost;
    try {
      BlobFrame frame = BlobFrame.read(key.blob(), VERSION);
      cost = frame.field();
      byte[] outer = frame.field();
      frame.end();
      inner = Box.open(wrapping, outer, outerContext(key.spec(), key.pinProtected(), cost));
    } catch (DamagedBlob e) {
      throw new KeyRefused(
          "The key was made by another machine or was changed: " + e.getMessage(), e);
    }
    try {
      if (key.pinProtected() != (pin != null)) {
        throw new WrongPin();
      }
      if (pin == null) {
        return material(key.spec(), inner);
      }
      byte[] clear = openInner(key.spec(), inner, PinStretch.decoded(cost), pin);
      try {
        return material(key.spec(), clear);
      } finally {
        BlobFrame.wipe(clear);
      }
    } catch (DamagedBlob e) {
      throw new KeyRefused("The key is damaged: " + e.getMessage(), e);
    } finally {
      BlobFrame.wipe(inner);
    }
  }

  private byte[] openInner(KeySpec spec, byte[] inner, PinStretch stretch, Secret pin)
      throws WrongPin {
    byte[] pinKey = stretched(stretch, pin);
    try {
      return Box.open(pinKey, inner, innerContext(spec));
    } catch (DamagedBlob e) {
      throw new WrongPin(); // the outer box held, so the bytes are good and the PIN is not
    } finally {
      BlobFrame.wipe(pinKey);
    }
  }

  private byte[] stretched(PinStretch stretch, Secret pin) {
    byte[] bytes = pin.copyBytes();
    try {
      return stretch.stretch(bytes, pepper, 32);
    } finally {
      BlobFrame.wipe(bytes);
    }
  }

  private static KeyMaterial material(KeySpec spec, byte[] clear) throws DamagedBlob {
    BlobFrame frame = BlobFrame.read(clear, VERSION);
    KeyMaterial material = new KeyMaterial(spec, frame.field(), frame.field(), frame.field());
    frame.end();
    return material;
  }

  private static byte[] outerContext(KeySpec spec, boolean pin, byte[] cost) {
    return BlobFrame.context("himmelblau.soft.key", VERSION, spec, pin, cost);
  }

  private static byte[] innerContext(KeySpec spec) {
    return BlobFrame.context("himmelblau.soft.pin", VERSION, spec);
  }

  void close() {
    BlobFrame.wipe(wrapping, pepper);
  }
}
