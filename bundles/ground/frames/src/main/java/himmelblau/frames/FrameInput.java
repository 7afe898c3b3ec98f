package himmelblau.frames;

import himmelblau.frames.MalformedFrame.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads frames from a blocking channel. One thread at a time.
 *
 * <p>The owner of the channel limits the time of a frame: {@link Watch} tells when one begins and
 * ends, and closing the channel from another thread ends the reading.
 */
public final class FrameInput {
  /** Hears of the beginning and end of each frame, on the reading thread. */
  public interface Watch {
    /** Called when the first byte of a frame is there and more is waited for. */
    void begun();

    /** Called when the frame is complete. */
    void finished();

    /** Hears nothing. */
    Watch NONE =
        new Watch() {
          @Override
          public void begun() {}

          @Override
          public void finished() {}
        };
  }

  private final ReadableByteChannel channel;
  private final Watch watch;

  public FrameInput(ReadableByteChannel channel) {
    this(channel, Watch.NONE);
  }

  public FrameInput(ReadableByteChannel channel, Watch watch) {
    this.channel = channel;
    this.watch = watch;
  }

  /**
   * Waits for the next frame, which the caller closes.
   *
   * @return empty when the peer closed the connection between two frames
   * @throws MalformedFrame if the bytes are not a frame; nothing more can be read then
   */
  public Optional<Frame> read() throws IOException {
    ByteBuffer word = ByteBuffer.allocate(4);
    if (channel.read(word) < 0) {
      return Optional.empty();
    }
    watch.begun();
    fill(word);
    long length = Frame.word(word.array(), 0);
    Frame.checkLength(length);
    byte[] bytes = new byte[4 + (int) length];
    System.arraycopy(word.array(), 0, bytes, 0, 4);
    ByteBuffer rest = ByteBuffer.wrap(bytes, 4, (int) length);
    boolean good = false;
    try {
      fill(rest);
      Frame frame = Frame.decode(bytes);
      good = true;
      watch.finished();
      return Optional.of(frame);
    } finally {
      if (!good) {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new MalformedFrame(Reason.LENGTH, "The peer closed in the middle of a frame");
      }
    }
  }
}
