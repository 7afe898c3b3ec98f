package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

/** Who may be the root helper: whoever gets the tasks reads tokens and answers for root. */
@Timeout(60)
class TaskSocketTest {
  @TempDir Path folder;
  private Path path;
  private TaskSocket socket;

  @BeforeEach
  void open() throws Exception {
    path = folder.resolve("task_sock");
    socket = new TaskSocket(unused(BundleContext.class), options());
    // Whoever runs the tests, the other user can get this far.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void close() {
    socket.close();
  }

  private SocketOptions options() {
    return (SocketOptions)
        Proxy.newProxyInstance(
            SocketOptions.class.getClassLoader(),
            new Class<?>[] {SocketOptions.class},
            (proxy, method, arguments) ->
                method.getName().equals("task_socket_path")
                    ? path.toString()
                    : method.getDefaultValue());
  }

  private static <T> T unused(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new AssertionError(method);
            }));
  }

  private static Client hello(Client client) {
    try {
      return client.send(Frame.of(Kind.HELLO).u32(4711).text("home").build());
    } catch (IOException e) {
      return client; // it was refused before
    }
  }

  /** A client of that user, who has got past the mode of the file. */
  private Client connect(long uid, long gid) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    return hello(OtherUser.call(uid, gid, () -> new Client(path)));
  }

  private void assertRefused(Client client) throws Exception {
    client.channel.configureBlocking(false);
    Await.until("the connection is closed", () -> closed(client));
    assertFalse(socket.connected());
  }

  private static boolean closed(Client client) {
    try {
      return client.channel.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException e) {
      return true; // reset
    }
  }

  @Test
  void itsFileIsForTheOwnerOnly() throws Exception {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void theUserOfTheDaemonIsTheHelper() throws Exception {
    try (Client helper = hello(new Client(path))) {
      Await.until("it is the helper", socket::connected);
      helper.send(Frame.of(Kind.TASKS).text("home").build());
    }
  }

  @Test
  void anotherUserIsNot() throws Exception {
    try (Client other = connect(OtherUser.UID, OtherUser.GID)) {
      assertRefused(other);
    }
  }

  @Test
  void theGroupDoesNotCount() throws Exception {
    try (Client other = connect(OtherUser.UID, 0)) {
      assertRefused(other);
    }
    try (Client helper = connect(0, OtherUser.GID)) {
      Await.until("it is the helper", socket::connected);
      helper.send(Frame.of(Kind.TASKS).text("home").build());
    }
  }
}
