package himmelblau.frames;

import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds a frame. Not thread-safe; for one frame only. */
public final class FrameBuilder {
  private byte[] bytes = new byte[256];
  private int used = Frame.HEADER;
  private int count;

  FrameBuilder(int kind) {
    if (kind < 0 || kind > 0xff) {
      throw new IllegalArgumentException("Not a kind: " + kind);
    }
    bytes[4] = Frame.VERSION;
    bytes[5] = (byte) kind;
  }

  /** Adds an unsigned 32-bit number. */
  public FrameBuilder u32(long value) {
    if (value < 0 || value > 0xffffffffL) {
      throw new IllegalArgumentException("Not an unsigned 32-bit number: " + value);
    }
    int at = open(4);
    store(at, value);
    return this;
  }

  /** Adds 64 bits. */
  public FrameBuilder u64(long value) {
    int at = open(8);
    store(at, value & 0xffffffffL);
    store(at + 4, value >>> 32);
    return this;
  }

  /**
   * Adds a text; "" is an absent one.
   *
   * @throws IllegalArgumentException if it holds a NUL
   */
  public FrameBuilder text(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("A text must not contain NUL");
    }
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a copy of {@code value}. */
  public FrameBuilder bytes(byte[] value) {
    int at = open(value.length);
    System.arraycopy(value, 0, bytes, at, value.length);
    return this;
  }

  /** Adds a copy of {@code value}, which stays the caller's. */
  public FrameBuilder secret(Secret value) {
    return value.use(this::bytes);
  }

  /** Whether another field of {@code size} bytes finds room. */
  public boolean fits(int size) {
    return count < Frame.MAX_FIELDS && used + 4L + size <= Frame.MAX_LENGTH + 4L;
  }

  /** The finished frame; the builder is wiped and must not be used again. */
  public Frame build() {
    store(0, used - 4L);
    bytes[6] = (byte) count;
    bytes[7] = (byte) (count >>> 8);
    byte[] whole = Arrays.copyOf(bytes, used);
    Arrays.fill(bytes, (byte) 0);
    return new Frame(whole, count);
  }

  private int open(int size) {
    if (!fits(size)) {
      throw new IllegalArgumentException(
          "A field of " + size + " bytes does not fit into this frame (field " + count + ")");
    }
    if (bytes.length < used + 4 + size) {
      byte[] before = bytes;
      bytes = Arrays.copyOf(before, Math.max(before.length * 2, used + 4 + size));
      Arrays.fill(before, (byte) 0);
    }
    store(used, size);
    int at = used + 4;
    used = at + size;
    count++;
    return at;
  }

  private void store(int at, long value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
