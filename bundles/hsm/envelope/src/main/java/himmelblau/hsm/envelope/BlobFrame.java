package himmelblau.hsm.envelope;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Framing of blobs: a version byte, then fields, each with its length (u32, big-endian) in front.
 * Lengths are hostile when read.
 */
public final class BlobFrame {
  private final ByteBuffer rest;

  private BlobFrame(ByteBuffer rest) {
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
   * @throws DamagedBlob if it is empty or of another version
   */
  public static BlobFrame read(byte[] bytes, int version) throws DamagedBlob {
    if (bytes.length == 0) {
      throw new DamagedBlob("empty");
    }
    if (bytes[0] != version) {
      throw new DamagedBlob("version " + (bytes[0] & 0xff) + " is not known to this release");
    }
    return new BlobFrame(ByteBuffer.wrap(bytes, 1, bytes.length - 1));
  }

  /** The next field, copied. */
  public byte[] field() throws DamagedBlob {
    if (rest.remaining() < 4) {
      throw new DamagedBlob("truncated");
    }
    int length = rest.getInt();
    if (length < 0 || length > rest.remaining()) {
      throw new DamagedBlob("a length is out of bounds");
    }
    byte[] field = new byte[length];
    rest.get(field);
    return field;
  }

  /** The next field as {@link #number}. */
  public int number() throws DamagedBlob {
    byte[] field = field();
    if (field.length != 4) {
      throw new DamagedBlob("a number is malformed");
    }
    return ByteBuffer.wrap(field).getInt();
  }

  /** Checks that all bytes were read. */
  public void end() throws DamagedBlob {
    if (rest.hasRemaining()) {
      throw new DamagedBlob("too long");
    }
  }

  /** Wipes arrays. */
  public static void wipe(byte[]... secrets) {
    for (byte[] secret : secrets) {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
