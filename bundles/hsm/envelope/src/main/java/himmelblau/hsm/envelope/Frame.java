package himmelblau.hsm.envelope;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Framing of blobs: a version byte, then fields, each with its length (u32, big-endian) in front.
 * Lengths are hostile when read.
 */
public final class Frame {
  private final ByteBuffer rest;

  private Frame(ByteBuffer rest) {
    this.rest = rest;
  }

  /** Joins fields under a version. */
  public static byte[] of(int version, byte[]... fields) {
    int length = 1;
    for (byte[] field : fields) {
      length += 4 + field.length;
    }
    ByteBuffer out = ByteBuffer.allocate(length).put((byte) version);
    for (byte[] field : fields) {
      out.putInt(field.length).put(field);
    }
    return out.array();
  }

  /** The bytes that bind a value to its use: words, unambiguously joined. */
  public static byte[] context(Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object word : words) {
      byte[] bytes =
          word instanceof byte[] raw ? raw : String.valueOf(word).getBytes(StandardCharsets.UTF_8);
      out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  /** Four bytes, big-endian. */
  public static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /**
   * Begins to read.
   *
   * @throws Damaged if it is empty or of another version
   */
  public static Frame read(byte[] bytes, int version) throws Damaged {
    if (bytes.length == 0) {
      throw new Damaged("empty");
    }
    if (bytes[0] != version) {
      throw new Damaged("version " + (bytes[0] & 0xff) + " is not known to this release");
    }
    return new Frame(ByteBuffer.wrap(bytes, 1, bytes.length - 1));
  }

  /** The next field, copied. */
  public byte[] field() throws Damaged {
    if (rest.remaining() < 4) {
      throw new Damaged("cut short");
    }
    int length = rest.getInt();
    if (length < 0 || length > rest.remaining()) {
      throw new Damaged("a length is out of bounds");
    }
    byte[] field = new byte[length];
    rest.get(field);
    return field;
  }

  /** The next field as {@link #number}. */
  public int number() throws Damaged {
    byte[] field = field();
    if (field.length != 4) {
      throw new Damaged("a number is malformed");
    }
    return ByteBuffer.wrap(field).getInt();
  }

  /** Checks that nothing is left over. */
  public void end() throws Damaged {
    if (rest.hasRemaining()) {
      throw new Damaged("too long");
    }
  }

  /** Wipes arrays. */
  public static void wipe(byte[]... secrets) {
    for (byte[] secret : secrets) {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
