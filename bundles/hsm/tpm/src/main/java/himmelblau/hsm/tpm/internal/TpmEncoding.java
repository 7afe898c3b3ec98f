package himmelblau.hsm.tpm.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The byte format of the TPM (TCG TPM 2.0 part 1, 15): big-endian, sized buffers with a u16 length.
 */
final class TpmEncoding {
  private ByteBuffer out = ByteBuffer.allocate(256);

  private TpmEncoding room(int bytes) {
    if (out.remaining() < bytes) {
      ByteBuffer larger = ByteBuffer.allocate((out.position() + bytes) * 2).put(out.flip());
      Arrays.fill(out.array(), (byte) 0);
      out = larger;
    }
    return this;
  }

  TpmEncoding u16(int value) {
    room(2).out.putShort((short) value);
    return this;
  }

  TpmEncoding u32(int value) {
    room(4).out.putInt(value);
    return this;
  }

  /** Bytes with their length in front. */
  TpmEncoding sized(byte[] bytes) {
    room(2 + bytes.length).out.putShort((short) bytes.length).put(bytes);
    return this;
  }

  TpmEncoding raw(byte[] bytes) {
    room(bytes.length).out.put(bytes);
    return this;
  }

  /** What was written; wipes the working copy. */
  byte[] bytes() {
    byte[] bytes = Arrays.copyOf(out.array(), out.position());
    Arrays.fill(out.array(), (byte) 0);
    return bytes;
  }

  /** What was written, with its length in front. */
  byte[] sizedBytes() {
    byte[] inner = bytes();
    byte[] whole = new TpmEncoding().sized(inner).bytes();
    Arrays.fill(inner, (byte) 0);
    return whole;
  }
}
