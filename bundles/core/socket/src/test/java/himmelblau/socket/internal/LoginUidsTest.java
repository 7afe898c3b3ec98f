package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.frames.PeerCredentials;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who asked: the login uid of the process that connected, from the root helper. */
@Timeout(60)
class LoginUidsTest {
  private static final String CONNECT =
      "import socket,sys,time\n"
          + "s = socket.socket(socket.AF_UNIX)\n"
          + "s.connect(sys.argv[1])\n"
          + "time.sleep(600)\n";

  @TempDir Path folder;
  private Process peer;
  private PeerConnection connection;
  private final Deadlines deadlines = new Deadlines("test");
  private final List<TaskRequest> asked = new ArrayList<>();
  private TaskResult answer = loginUid("1001");
  private Runnable meanwhile = () -> {};

  @BeforeEach
  void connect() throws Exception {
    Path path = folder.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      peer = new ProcessBuilder("python3", "-c", CONNECT, path.toString()).inheritIO().start();
      var channel = server.accept();
      connection =
          new PeerConnection(channel, PeerCredentials.of(channel), PeerLimits.TERMINAL, deadlines);
    }
  }

  @AfterEach
  void end() {
    peer.destroyForcibly();
    connection.close();
    deadlines.close();
  }

  private static TaskResult loginUid(String text) {
    return new TaskResult(
        Status.DONE, "", Map.of("login-uid", text.getBytes(StandardCharsets.US_ASCII)));
  }

  private long ask() throws UnknownLoginUid {
    return loginUids().of(connection);
  }

  private LoginUids loginUids() {
    RootTasks helper =
        new RootTasks() {
          @Override
          public TaskResult run(TaskRequest request) {
            asked.add(request);
            meanwhile.run();
            return answer;
          }

          @Override
          public TaskResult watch(TaskRequest request) {
            throw new UnsupportedOperationException("nothing is watched");
          }

          @Override
          public void prepare() {}

          @Override
          public boolean connected() {
            return true;
          }

          @Override
          public boolean available() {
            return true;
          }
        };
    return new LoginUids(() -> Optional.of(helper));
  }

  private void assertUnknown(String why) {
    String reason = assertThrows(UnknownLoginUid.class, this::ask).reason();
    assertTrue(reason.contains(why), reason);
  }

  @Test
  void isThatOfTheProcessThatConnected() throws Exception {
    assertEquals(1001, ask());
    assertEquals("login-uid", asked.getFirst().task());
    assertEquals(peer.pid(), asked.getFirst().number("pid"));
    answer = loginUid("4294967294");
    assertEquals(4294967294L, ask());
  }

  @Test
  void isTheSameAllThroughACommand() throws Exception {
    SocketTerminal terminal = new SocketTerminal(connection, false, loginUids());
    answer = new TaskResult(Status.FAILED, "busy");
    assertThrows(UnknownLoginUid.class, terminal::loginUid);
    answer = loginUid("1001");
    assertEquals(1001, terminal.loginUid());
    answer = loginUid("1002");
    assertEquals(1001, terminal.loginUid());
    assertEquals(2, asked.size(), "not asked again once known");
  }

  @Test
  void notSetIsNobody() {
    answer = loginUid("4294967295");
    assertUnknown("belongs to no sign-in");
  }

  @Test
  void aProcessThatHasEndedIsNobodyWhoeverHasItsNumber() {
    meanwhile =
        () -> {
          try {
            assertTrue(peer.destroyForcibly().waitFor(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    assertUnknown("has ended");
  }

  @ParameterizedTest
  @EnumSource(value = Status.class, mode = EnumSource.Mode.EXCLUDE, names = "DONE")
  void aHelperThatCannotTellIsAReason(Status status) {
    answer = new TaskResult(status, "because", loginUid("1001").values());
    assertUnknown("because");
  }

  @Test
  void anAnswerThatIsNoNumberIsNone() {
    answer = loginUid("-1");
    assertUnknown("cannot tell");
    answer = new TaskResult(Status.DONE, "");
    assertUnknown("cannot tell");
  }

  @Test
  void withoutAHelperNobodyKnows() {
    String reason =
        assertThrows(UnknownLoginUid.class, () -> new LoginUids(Optional::empty).of(connection))
            .reason();
    assertEquals("The root helper is not connected.", reason);
  }
}
