package himmelblau.frames;

import himmelblau.api.secret.Secret;
import himmelblau.frames.MalformedFrame.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the fields of one frame in order. Each method takes the next field. Not thread-safe. */
public final class Fields {
  private final byte[] frame;
  private int left;
  private int at = Frame.HEADER;

  Fields(byte[] frame, int count) {
    this.frame = frame;
    this.left = count;
  }

  /** Number of fields not yet taken. */
  public int left() {
    return left;
  }

  /** An unsigned 32-bit number. */
  public long u32() throws MalformedFrame {
    int start = take(4);
    return Frame.word(frame, start);
  }

  /** 64 bits. */
  public long u64() throws MalformedFrame {
    int start = take(8);
    return Frame.word(frame, start) | Frame.word(frame, start + 4) << 32;
  }

  /** UTF-8 without NUL; "" when absent. */
  public String text() throws MalformedFrame {
    int start = next();
    int size = at - start;
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(frame, start, size))
              .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedFrame(Reason.TEXT, "A text is not UTF-8");
    }
    if (text.indexOf('\0') >= 0) {
      throw new MalformedFrame(Reason.TEXT, "A text contains NUL");
    }
    return text;
  }

  /** A copy of the bytes. */
  public byte[] bytes() throws MalformedFrame {
    int start = next();
    return Arrays.copyOfRange(frame, start, at);
  }

  /** A copy of the bytes, which the caller closes. */
  public Secret secret() throws MalformedFrame {
    return Secret.taking(bytes());
  }

  private int take(int size) throws MalformedFrame {
    int start = next();
    if (at - start != size) {
      throw new MalformedFrame(
          Reason.FIELD, "A field of " + (at - start) + " bytes, expected " + size);
    }
    return start;
  }

  private int next() throws MalformedFrame {
    if (left == 0) {
      throw new MalformedFrame(Reason.FIELD, "A field is missing");
    }
    int start = at + 4;
    at = start + (int) Frame.word(frame, at); // within the frame: Frame.decode has checked all
    left--;
    return start;
  }
}
