package himmelblau.testing.authenticator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SoftKey} that is plugged in: reports of 64 bytes in, reports of 64 bytes out (CTAP 2.0,
 * 8.1). One platform at a time. {@link #pullOut} ends it for good: plug the key in again by a new
 * object. Thread-safe.
 */
public final class HidKey {
  public static final int REPORT = 64;

  private static final int INIT = 0x86;
  private static final int PING = 0x81;
  private static final int CBOR = 0x90;
  private static final int CANCEL = 0x91;
  private static final int KEEPALIVE = 0xbb;
  private static final int ERROR = 0xbf;
  private static final int BROADCAST = 0xffffffff;
  private static final int CHANNEL = 0x01020304;

  private final SoftKey key;
  private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
  private byte[] message = new byte[0];
  private int filled;
  private int command;
  private volatile boolean canceled;
  private final AtomicInteger connection = new AtomicInteger();
  private volatile boolean gone;

  public HidKey(SoftKey key) {
    this.key = key;
    key.powerUp();
  }

  /** Pulled out: whoever reads or writes gets an error. */
  public void pullOut() {
    gone = true;
    canceled = true;
    answers.add(new byte[0]);
  }

  /**
   * The next report of the key.
   *
   * @param milliseconds how long to wait; negative: without end
   * @return null if none came in time
   */
  public byte @Nullable [] read(int milliseconds) throws IOException {
    byte[] report = null;
    try {
      report =
          milliseconds < 0 ? answers.take() : answers.poll(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (gone) {
      throw new IOException("the key was pulled out");
    }
    return report;
  }

  /** A report of the platform. */
  public void write(byte[] report) throws IOException {
    if (gone) {
      throw new IOException("the key was pulled out");
    }
    if (report.length != REPORT) {
      throw new IllegalArgumentException("a report has " + REPORT + " bytes, not " + report.length);
    }
    ByteBuffer in = ByteBuffer.wrap(report);
    int channel = in.getInt();
    int kind = in.get() & 0xff;
    if (kind == CANCEL) {
      canceled = true;
      return;
    }
    if ((kind & 0x80) != 0) {
      command = kind;
      message = new byte[in.getShort() & 0xffff];
      filled = 0;
    }
    int part = Math.min(in.remaining(), message.length - filled);
    in.get(message, filled, part);
    filled += part;
    if (filled == message.length) {
      execute(channel, command, message);
    }
  }

  private void execute(int channel, int asked, byte[] request) {
    switch (asked) {
      case INIT -> {
        if (channel == BROADCAST) { // another connection: what the one before asked for is void
          connection.incrementAndGet();
          canceled = true;
          answers.clear();
        }
        ByteBuffer answer = ByteBuffer.allocate(17);
        answer.put(request, 0, Math.min(8, request.length)).position(8);
        answer.putInt(channel == BROADCAST ? CHANNEL : channel);
        answer.put(new byte[] {2, 1, 0, 0, 0x0c}); // CBOR yes, U2F messages no
        send(channel, INIT, answer.array());
      }
      case PING -> send(channel, PING, request);
      case CBOR -> {
        canceled = false;
        int asking = connection.get();
        Thread.ofVirtual().start(() -> answer(asking, channel, request));
      }
      default -> send(channel, ERROR, new byte[] {1});
    }
  }

  private void answer(int asking, int channel, byte[] request) {
    Thread alive =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (!gone && asking == connection.get()) {
                      Thread.sleep(100);
                      send(channel, KEEPALIVE, new byte[] {2});
                    }
                  } catch (InterruptedException e) {
                    // answered
                  }
                });
    byte[] answer = key.command(request, () -> canceled);
    alive.interrupt();
    try {
      alive.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (asking == connection.get()) {
      send(channel, CBOR, answer);
    }
  }

  private void send(int channel, int kind, byte[] data) {
    ByteBuffer first = ByteBuffer.allocate(REPORT);
    first.putInt(channel).put((byte) kind).putShort((short) data.length);
    int sent = Math.min(first.remaining(), data.length);
    first.put(data, 0, sent);
    answers.add(first.array());
    for (int sequence = 0; sent < data.length; sequence++) {
      ByteBuffer next = ByteBuffer.allocate(REPORT).putInt(channel).put((byte) sequence);
      byte[] part = Arrays.copyOfRange(data, sent, Math.min(data.length, sent + next.remaining()));
      answers.add(next.put(part).array());
      sent += part.length;
    }
  }
}
