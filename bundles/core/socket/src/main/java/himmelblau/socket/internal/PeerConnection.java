package himmelblau.socket.internal;

import himmelblau.api.login.Peer;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameInput;
import himmelblau.frames.FrameOutput;
import himmelblau.frames.PeerProcess;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one peer. Read by one thread at a time; written and closed by any thread. A
 * peer that is too slow is disconnected.
 */
final class PeerConnection implements AutoCloseable {
  private final SocketChannel channel;
  private final Peer peer;
  private final PeerLimits limits;
  private final Deadlines deadlines;
  private final FrameInput input;
  private final FrameOutput output;
  private @Nullable Future<?> idle;
  private @Nullable Future<?> frame;
  private volatile @Nullable String expired;

  PeerConnection(SocketChannel channel, Peer peer, PeerLimits limits, Deadlines deadlines) {
    this.channel = channel;
    this.peer = peer;
    this.limits = limits;
    this.deadlines = deadlines;
    this.input = new FrameInput(channel, new Clock());
    this.output = new FrameOutput(channel);
  }

  /** The same channel with other peer credentials, for tests. */
  PeerConnection as(Peer other) {
    return new PeerConnection(channel, other, limits, deadlines);
  }

  Peer peer() {
    return peer;
  }

  /** The process that connected; the caller closes it. */
  PeerProcess process() throws IOException {
    return PeerProcess.of(channel);
  }

  PeerLimits limits() {
    return limits;
  }

  /** Why we disconnected the peer, if we did for being slow. */
  Optional<String> expired() {
    return Optional.ofNullable(expired);
  }

  /** Waits for the next frame as long as it takes; empty when the peer has closed. */
  Optional<Frame> read() throws IOException {
    return input.read();
  }

  /** Waits for the next frame for at most {@code patience}. */
  Optional<Frame> read(Duration patience) throws IOException {
    idle = deadlines.after(patience, () -> expire("no data for " + patience));
    try {
      return input.read();
    } finally {
      callOff(idle);
      callOff(frame);
    }
  }

  /** Sends and wipes {@code frame}. */
  void write(Frame frame) throws IOException {
    Future<?> deadline =
        deadlines.after(limits.write(), () -> expire("it did not read a frame: " + limits.write()));
    try {
      output.write(frame);
    } finally {
      deadline.cancel(false);
    }
  }

  private void expire(String why) {
    expired = why;
    close();
  }

  private static void callOff(@Nullable Future<?> deadline) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // the descriptor is closed either way
    }
  }

  /** Bounds the time of each frame. */
  private final class Clock implements FrameInput.Watch {
    @Override
    public void begun() {
      callOff(idle);
      frame =
          deadlines.after(limits.frame(), () -> expire("a frame took more than " + limits.frame()));
    }

    @Override
    public void finished() {
      callOff(frame);
    }
  }
}
