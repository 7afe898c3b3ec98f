package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyRefused;
import java.nio.ByteBuffer;

/**
 * Bytes with the machine key they belong to: {@code version (1) | row id (u32) | bytes}. Whatever
 * was created before a migration can still be opened afterwards, wherever it is stored.
 */
record TaggedBlob(long id, byte[] bytes) {
  private static final byte VERSION = 1;
  private static final int HEADER = 5;

  static byte[] tag(long id, byte[] bytes) {
    return ByteBuffer.allocate(HEADER + bytes.length)
        .put(VERSION)
        .putInt((int) id)
        .put(bytes)
        .array();
  }

  static TaggedBlob read(byte[] tagged) throws KeyRefused {
    if (tagged.length < HEADER || tagged[0] != VERSION) {
      throw new KeyRefused(
          "This value was not sealed by a machine key, is incomplete, or is from a newer "
              + "release");
    }
    ByteBuffer in = ByteBuffer.wrap(tagged, 1, tagged.length - 1);
    long id = Integer.toUnsignedLong(in.getInt());
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return new TaggedBlob(id, bytes);
  }
}
