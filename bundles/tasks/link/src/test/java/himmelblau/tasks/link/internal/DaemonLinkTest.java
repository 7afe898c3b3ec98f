package himmelblau.tasks.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameInput;
import himmelblau.frames.FrameOutput;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DaemonLinkTest {
  private static final TaskResult GOOD = new TaskResult(Status.DONE, "good");

  @TempDir Path directory;
  private Path socket;
  private ServerSocketChannel daemon;
  private final TaskHandlers handlers = new TaskHandlers();
  private int expected;
  private final CountDownLatch idle = new CountDownLatch(1);
  private DaemonReconnector reconnector;

  @BeforeEach
  void listen() throws Exception {
    socket = directory.resolve("task_sock");
    daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    daemon.bind(UnixDomainSocketAddress.of(socket));
    reconnector =
        new DaemonReconnector(
            socket,
            handlers,
            Duration.ofMillis(20),
            () -> handlers.await(expected, Duration.ofSeconds(2)),
            () -> {},
            idle::countDown);
  }

  @AfterEach
  void close() throws Exception {
    reconnector.close();
    daemon.close();
  }

  /** The daemon's end of one connection. */
  private final class Peer implements AutoCloseable {
    private final SocketChannel channel = daemon.accept();
    private final FrameInput input = new FrameInput(channel);
    private final FrameOutput output = new FrameOutput(channel);

    Peer() throws IOException {}

    Fields expect(int kind) throws IOException {
      Frame frame = input.read().orElseThrow();
      assertEquals(kind, frame.kind());
      return frame.fields();
    }

    Set<String> tasks(int kind) throws IOException {
      Fields fields = expect(kind);
      if (kind == Kind.HELLO) {
        assertEquals(ProcessHandle.current().pid(), fields.u32());
      }
      Set<String> tasks = new HashSet<>();
      while (fields.left() > 0) {
        tasks.add(fields.text());
      }
      return tasks;
    }

    void task(long id, String task, long milliseconds) throws IOException {
      output.write(
          Frame.of(Kind.TASK)
              .u64(id)
              .text(task)
              .u32(milliseconds)
              .text("value")
              .bytes("secret".getBytes(StandardCharsets.UTF_8))
              .build());
    }

    void done(long id, Status status) throws IOException {
      Fields fields = expect(Kind.DONE);
      assertEquals(id, fields.u64());
      assertEquals(DaemonLink.number(status), fields.u32());
      fields.text();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Test
  void runsTasksSideBySide() throws Exception {
    CountDownLatch fastIsDone = new CountDownLatch(1);
    handlers.add(
        "slow",
        request -> {
          try {
            fastIsDone.await();
            return GOOD;
          } catch (InterruptedException e) {
            return new TaskResult(Status.FAILED, "interrupted");
          }
        });
    handlers.add(
        "fast",
        request -> {
          assertEquals("secret", request.required("value"));
          return GOOD;
        });
    reconnector.start();
    try (Peer peer = new Peer()) {
      peer.tasks(Kind.HELLO);
      peer.task(1, "slow", 20_000);
      peer.task(-2, "fast", 20_000);
      peer.done(-2, Status.DONE);
      fastIsDone.countDown();
      peer.done(1, Status.DONE);
    }
  }

  @Test
  void whatFailsIsAnAnswer() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    handlers.add(
        "endless",
        request -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return GOOD;
        });
    handlers.add(
        "broken",
        request -> {
          throw new IllegalStateException("broken\nin two lines");
        });
    handlers.add("refusing", request -> new TaskResult(Status.REFUSED, "no\0!\n"));
    reconnector.start();
    try (Peer peer = new Peer()) {
      peer.tasks(Kind.HELLO);
      peer.task(1, "endless", 50);
      peer.done(1, Status.TIMED_OUT);
      interrupted.await();
      peer.task(2, "broken", 10_000);
      peer.done(2, Status.FAILED);
      peer.task(3, "refusing", 10_000);
      peer.done(3, Status.REFUSED);
      peer.task(4, "unheard-of", 10_000);
      peer.done(4, Status.NO_SUCH_TASK);
    }
  }

  @Test
  void connectsAgainAndAgain() throws Exception {
    handlers.add("home", request -> GOOD);
    reconnector.start();
    for (int i = 0; i < 3; i++) {
      try (Peer peer = new Peer()) {
        assertEquals(Set.of("home"), peer.tasks(Kind.HELLO));
      }
    }
    try (Peer peer = new Peer()) { // garbage ends the connection, not the helper
      peer.tasks(Kind.HELLO);
      peer.output.write(Frame.of(Kind.SAY).text("hello").build());
      assertTrue(peer.input.read().isEmpty());
    }
    try (Peer peer = new Peer()) {
      assertEquals(Set.of("home"), peer.tasks(Kind.HELLO));
    }
  }

  @Test
  void connectsWhenItCanDoItsTasks() throws Exception {
    expected = 2;
    handlers.add("home", request -> GOOD);
    reconnector.start();
    Thread.sleep(100);
    handlers.add("groups", request -> GOOD);
    try (Peer peer = new Peer()) {
      assertEquals(Set.of("home", "groups"), peer.tasks(Kind.HELLO));
    }
  }

  @Test
  void connectsWithoutATaskThatDoesNotCome() throws Exception {
    expected = 2;
    handlers.add("home", request -> GOOD);
    reconnector.start();
    try (Peer peer = new Peer()) {
      assertEquals(Set.of("home"), peer.tasks(Kind.HELLO));
    }
  }

  @Test
  void endsWhenTheDaemonHasNothingToDo() throws Exception {
    reconnector.start();
    try (Peer peer = new Peer()) {
      peer.tasks(Kind.HELLO);
      assertEquals(1, idle.getCount());
      peer.output.write(Frame.of(Kind.REST).build());
      assertTrue(peer.input.read().isEmpty());
      idle.await();
    }
    daemon.configureBlocking(false);
    Thread.sleep(200); // ten times as long as it waits before it connects again
    assertNull(daemon.accept());
  }

  @Test
  void tellsWhenHandlersComeAndGo() throws Exception {
    TaskHandler handler = request -> GOOD;
    reconnector.start();
    try (Peer peer = new Peer()) {
      assertEquals(Set.of(), peer.tasks(Kind.HELLO));
      handlers.add("home", handler);
      reconnector.changed();
      assertEquals(Set.of("home"), peer.tasks(Kind.TASKS));
      TaskHandler successor = request -> GOOD;
      handlers.add("home", successor);
      handlers.remove("home", handler);
      assertEquals(Set.of("home"), handlers.tasks());
    }
  }

  @Test
  void aDirectoryThatOthersMayWriteToIsNotTrusted() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThrows(IOException.class, () -> DaemonPeer.connect(socket));
  }

  @Test
  void aSocketOfAnotherUserIsNotTrusted() throws Exception {
    int me = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    DaemonPeer.connect(socket).close();
    if (me == 0) {
      // We listen as root, which is always good: the stranger has to be a process of its own.
      Files.delete(socket);
      Process stranger =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  """
                  import os, socket, sys
                  s = socket.socket(socket.AF_UNIX)
                  s.bind(sys.argv[1]); os.setuid(4711); s.listen(); print('on', flush=True); s.accept()
                  """,
                  socket.toString())
              .start();
      try {
        assertEquals("on", stranger.inputReader().readLine());
        IOException e = assertThrows(IOException.class, () -> DaemonPeer.connect(socket));
        assertTrue(String.valueOf(e.getMessage()).contains("4711"), e.getMessage());
      } finally {
        stranger.destroyForcibly().waitFor();
      }
    }
  }
}
