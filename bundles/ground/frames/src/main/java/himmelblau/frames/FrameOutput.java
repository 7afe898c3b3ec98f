package himmelblau.frames;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/** Writes frames to a blocking channel, each as a whole. Thread-safe. */
public final class FrameOutput {
  private final WritableByteChannel channel;
  private final ReentrantLock lock = new ReentrantLock();

  public FrameOutput(WritableByteChannel channel) {
    this.channel = channel;
  }

  /** Sends {@code frame} and wipes it, sent or not. */
  public void write(Frame frame) throws IOException {
    try (frame) {
      ByteBuffer bytes = ByteBuffer.wrap(frame.bytes());
      lock.lock();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
