package himmelblau.contract.keystore;

import himmelblau.api.hsm.WrappedKey;
import java.nio.charset.StandardCharsets;

/** Blobs as an attacker with access to the disk reads or changes them. */
final class Bytes {
  private Bytes() {}

  static byte[] changed(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] ^= 0x40;
    return copy;
  }

  static WrappedKey changed(WrappedKey key, int at) {
    return new WrappedKey(key.store(), key.spec(), key.pinProtected(), changed(key.blob(), at));
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
