package himmelblau.notify.internal;

import himmelblau.frames.Frame;
import himmelblau.frames.FrameInput;
import himmelblau.frames.FrameOutput;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Queries the lookup socket like a program on this host (docs/protocol/socket.md, section 5):
 * checks that connections are accepted, frames are read, and the directory answers from memory.
 */
final class LookupProbe implements Notifier.Work {
  private static final int PASSWD_BY_UID = 2;

  /** Never ours, so answered at once and without the network. */
  private static final byte[] ROOT = new byte[4];

  private static final int DEADLINE_MILLIS = 220;

  private final Path socket;
  private final Duration patience;

  /**
   * @param socket the lookup socket
   * @param patience how long an answer may take
   */
  LookupProbe(Path socket, Duration patience) {
    this.socket = socket;
    this.patience = patience;
  }

  /**
   * Whether the socket is served. A connection that is closed because there are too many also
   * counts.
   */
  @Override
  public boolean isDone() throws InterruptedException {
    AtomicBoolean answered = new AtomicBoolean();
    CountDownLatch over = new CountDownLatch(1);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      Thread.ofVirtual()
          .name("watchdog-question")
          .start(
              () -> {
                answered.set(ask(channel));
                over.countDown();
              });
      // Closing the channel ends a question without an answer.
      return over.await(patience.toMillis(), TimeUnit.MILLISECONDS) && answered.get();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean ask(SocketChannel channel) {
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException nobodyListens) {
      return false;
    }
    try {
      new FrameOutput(channel)
          .write(Frame.of(Kind.LOOKUP).u32(PASSWD_BY_UID).bytes(ROOT).u32(DEADLINE_MILLIS).build());
      new FrameInput(channel).read().ifPresent(Frame::close);
    } catch (IOException closed) {
      return channel.isOpen(); // by them: they are busy, not stuck
    }
    return true;
  }
}
