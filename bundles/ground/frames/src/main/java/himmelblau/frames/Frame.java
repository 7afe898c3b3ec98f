package himmelblau.frames;

import himmelblau.frames.MalformedFrame.Reason;
import java.util.Arrays;

/**
 * One frame (section 2 of the protocol). Its bytes may contain a PIN: the receiver or builder of a
 * frame closes it, which wipes them. Not thread-safe.
 */
public final class Frame implements AutoCloseable {
  /** Least value of the length word. */
  public static final int MIN_LENGTH = 4;

  /** Greatest value of the length word. */
  public static final int MAX_LENGTH = 65536;

  /** Greatest number of fields. */
  public static final int MAX_FIELDS = 512;

  static final int VERSION = 1;
  static final int HEADER = 8;

  private final byte[] bytes;
  private final int fieldCount;

  /** Takes over {@code bytes}, which are known to be a frame. */
  Frame(byte[] bytes, int fieldCount) {
    this.bytes = bytes;
    this.fieldCount = fieldCount;
  }

  /** Starts a frame that is to be sent. */
  public static FrameBuilder of(int kind) {
    return new FrameBuilder(kind);
  }

  /**
   * Reads a whole frame with its length word.
   *
   * @param bytes taken over: closing the frame wipes them
   */
  public static Frame decode(byte[] bytes) throws MalformedFrame {
    if (bytes.length < HEADER || word(bytes, 0) != bytes.length - 4L) {
      throw new MalformedFrame(Reason.LENGTH, "A frame's length word does not match its length");
    }
    checkLength(word(bytes, 0));
    if (bytes[4] != VERSION) {
      throw new MalformedFrame(
          Reason.VERSION, "Protocol version " + (bytes[4] & 0xff) + ", expected " + VERSION);
    }
    int count = (bytes[6] & 0xff) | (bytes[7] & 0xff) << 8;
    if (count > MAX_FIELDS) {
      throw new MalformedFrame(Reason.COUNT, count + " fields, at most " + MAX_FIELDS);
    }
    int at = HEADER;
    for (int i = 0; i < count; i++) {
      if (bytes.length - at < 4 || word(bytes, at) > bytes.length - at - 4L) {
        throw new MalformedFrame(Reason.EXTENT, "Field " + i + " goes past the end of its frame");
      }
      at += 4 + (int) word(bytes, at);
    }
    if (at != bytes.length) {
      throw new MalformedFrame(Reason.EXTENT, "A frame goes on after its last field");
    }
    return new Frame(bytes, count);
  }

  static void checkLength(long length) throws MalformedFrame {
    if (length < MIN_LENGTH || length > MAX_LENGTH) {
      throw new MalformedFrame(Reason.LENGTH, "A frame of " + length + " bytes");
    }
  }

  static long word(byte[] bytes, int at) {
    return (bytes[at] & 0xffL)
        | (bytes[at + 1] & 0xffL) << 8
        | (bytes[at + 2] & 0xffL) << 16
        | (bytes[at + 3] & 0xffL) << 24;
  }

  public int kind() {
    return bytes[5] & 0xff;
  }

  public int fieldCount() {
    return fieldCount;
  }

  /** A new reader from the first field on. */
  public Fields fields() {
    return new Fields(bytes, fieldCount);
  }

  /** The bytes on the wire: not a copy. */
  byte[] bytes() {
    return bytes;
  }

  /** A copy of the bytes on the wire, length word included. */
  public byte[] encoded() {
    return bytes.clone();
  }

  /** Wipes the bytes. */
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  /** Kind and number of fields only: the bytes may be secret. */
  @Override
  public String toString() {
    return String.format("frame 0x%02x with %d fields", kind(), fieldCount);
  }
}
