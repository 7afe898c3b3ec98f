package himmelblau.notify.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.frames.Frame;
import himmelblau.frames.FrameInput;
import himmelblau.frames.FrameOutput;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupProbeTest {
  private static final Duration PATIENCE = Duration.ofMillis(300);

  @TempDir Path directory;

  private Path path;
  private ServerSocketChannel server;

  @BeforeEach
  void listen() throws IOException {
    path = directory.resolve("lookup");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void anAnswerIsWork() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Thread.ofVirtual()
        .start(
            () -> {
              try (SocketChannel peer = server.accept();
                  Frame question = new FrameInput(peer).read().orElseThrow()) {
                asked.set(question.kind());
                new FrameOutput(peer).write(Frame.of(Kind.NOT_FOUND).build());
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertTrue(new LookupProbe(path, Duration.ofSeconds(10)).isDone());
    assertEquals(Kind.LOOKUP, asked.get());
  }

  @Test
  void aConnectionThatIsClosedForTooManyIsWork() throws Exception {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                server.accept().close();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertTrue(new LookupProbe(path, Duration.ofSeconds(10)).isDone());
  }

  @Test
  void silenceIsNone() throws Exception {
    assertFalse(new LookupProbe(path, PATIENCE).isDone());
  }

  @Test
  void aMissingListenerIsReported() throws Exception {
    server.close();
    assertFalse(new LookupProbe(path, PATIENCE).isDone());
  }
}
