package himmelblau.frames;

import java.io.IOException;

/** The peer sent bytes that are not a frame, or a frame without a field that its kind requires. */
public final class MalformedFrame extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong; the wording of {@code testing/vectors/frames}. */
  public enum Reason {
    /** The length word is out of bounds, or the frame ends before its length. */
    LENGTH,
    /** Another protocol version. */
    VERSION,
    /** Too many fields. */
    COUNT,
    /** The fields end before or after the frame does. */
    EXTENT,
    /** A field is missing or has the wrong size. */
    FIELD,
    /** A text is not UTF-8, or holds a NUL. */
    TEXT
  }

  private final Reason reason;

  public MalformedFrame(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
