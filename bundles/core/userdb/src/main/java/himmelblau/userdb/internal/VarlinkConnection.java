package himmelblau.userdb.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one peer: JSON, each terminated by NUL (varlink.org/Method-Call). A peer that is
 * too slow, or whose message is too long, is disconnected. Used by one thread; any thread may close
 * it.
 */
final class VarlinkConnection implements AutoCloseable {
  /** The maximum size of a call; valid calls are far smaller. */
  static final int LONGEST = 16 * 1024;

  /** systemd's clients take 16 MiB. */
  static final int LONGEST_REPLY = 8 * 1024 * 1024;

  private static final int BATCH = 64 * 1024;

  /**
   * How patient we are.
   *
   * @param first until the first call begins
   * @param message until a call that has begun is complete
   * @param idle until the next call begins
   * @param write until the peer has taken what we sent
   */
  record Patience(Duration first, Duration message, Duration idle, Duration write) {
    static final Patience USUAL =
        new Patience(
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));
  }

  private final SocketChannel channel;
  private final Patience patience;
  private final ScheduledExecutorService clock;
  private final ByteBuffer input = ByteBuffer.allocate(4096).limit(0);
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private volatile @Nullable String expired;

  VarlinkConnection(SocketChannel channel, Patience patience, ScheduledExecutorService clock) {
    this.channel = channel;
    this.patience = patience;
    this.clock = clock;
  }

  /** Why we disconnected the peer, if we did for being slow. */
  Optional<String> expired() {
    return Optional.ofNullable(expired);
  }

  /** The first call, without its NUL; empty when the peer disconnected without a call. */
  Optional<byte[]> first() throws IOException {
    return read(patience.first());
  }

  /** A further call. */
  Optional<byte[]> next() throws IOException {
    return read(patience.idle());
  }

  private Optional<byte[]> read(Duration until) throws IOException {
    if (!input.hasRemaining() && !fill(until, "no data for " + until)) {
      return Optional.empty();
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    Future<?> deadline = after(patience.message(), "a call took more than " + patience.message());
    try {
      while (true) {
        while (input.hasRemaining()) {
          byte next = input.get();
          if (next == 0) {
            return Optional.of(message.toByteArray());
          }
          message.write(next);
          if (message.size() > LONGEST) {
            throw new MalformedCall("A call of more than " + LONGEST + " bytes");
          }
        }
        if (!fill()) {
          throw new MalformedCall("The peer disconnected in the middle of a call");
        }
      }
    } finally {
      deadline.cancel(false);
    }
  }

  private boolean fill(Duration until, String why) throws IOException {
    Future<?> deadline = after(until, why);
    try {
      return fill();
    } finally {
      deadline.cancel(false);
    }
  }

  private boolean fill() throws IOException {
    input.clear();
    try {
      int count = channel.read(input);
      input.flip();
      return count > 0;
    } catch (IOException e) {
      input.limit(0);
      throw e;
    }
  }

  /** Sends one message, maybe together with the next ones. */
  void send(byte[] message) throws IOException {
    if (message.length > LONGEST_REPLY) {
      throw new IOException("A record of more than " + LONGEST_REPLY + " bytes");
    }
    output.writeBytes(message);
    output.write(0);
    if (output.size() >= BATCH) {
      flush();
    }
  }

  /** Sends what waits to be sent. */
  void flush() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(output.toByteArray());
    output.reset();
    Future<?> deadline =
        after(patience.write(), "it did not read an answer for " + patience.write());
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } finally {
      deadline.cancel(false);
    }
  }

  private Future<?> after(Duration time, String why) {
    return clock.schedule(
        () -> {
          expired = why;
          close();
        },
        time.toNanos(),
        TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // the descriptor is closed either way
    }
  }
}
