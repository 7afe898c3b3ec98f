package himmelblau.userdb.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.GroupEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RelayListenerTest {
  private static final VarlinkConnection.Patience SHORT =
      new VarlinkConnection.Patience(
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofMillis(400));
  private static final String USER02 =
      "{\"method\":\"io.systemd.UserDatabase.GetUserRecord\","
          + "\"parameters\":{\"userName\":\"user02\",\"service\":\"himmelblau\"}%s}";

  @TempDir Path folder;
  private Path path;
  private RelayListener listener;
  private final UserdbFixture world = new UserdbFixture();

  @BeforeEach
  void listen() throws IOException {
    path = folder.resolve("userdb");
    UserDatabase database = new UserDatabase(() -> Optional.of(world.directory()));
    listener =
        RelayListener.open(path, new CallDispatch(new Introspection("1.2.3"), database), SHORT);
  }

  @AfterEach
  void close() {
    listener.close();
    assertFalse(Files.exists(path));
  }

  private final class Client implements AutoCloseable {
    final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    final ByteBuffer input = ByteBuffer.allocate(1 << 16).limit(0);

    Client() throws IOException {
      channel.connect(UnixDomainSocketAddress.of(path));
    }

    Client send(String text) throws IOException {
      return send(text.getBytes(StandardCharsets.UTF_8));
    }

    Client send(byte[] bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      return this;
    }

    /** Empty when disconnected. */
    Optional<JsonObject> receive() throws IOException {
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      while (more()) {
        byte next = input.get();
        if (next == 0) {
          return Optional.of(
              JsonParser.parseString(message.toString(StandardCharsets.UTF_8)).getAsJsonObject());
        }
        message.write(next);
      }
      return Optional.empty();
    }

    private boolean more() throws IOException {
      if (!input.hasRemaining()) {
        channel.read(input.clear());
        input.flip();
      }
      return input.hasRemaining();
    }

    boolean cutOff() {
      try {
        return receive().isEmpty();
      } catch (IOException reset) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Test
  void onlyTheDaemonsUserAndTheRelayMayConnect() throws IOException {
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    assertTrue(mode.equals("rw-------") || mode.equals("rw-rw----"), mode);
  }

  @Test
  void answersOneCallAfterTheOtherInWhateverPiecesTheyCome() throws Exception {
    try (Client client = new Client()) {
      String call = USER02.formatted("") + "\0";
      client.send(call + call + call.substring(0, 10));
      for (int i = 0; i < 3; i++) {
        if (i == 2) {
          client.send(call.substring(10));
        }
        JsonObject reply = client.receive().orElseThrow();
        assertFalse(reply.has("error") || reply.has("continues"));
        assertEquals(
            773235643L,
            reply.getAsJsonObject("parameters").getAsJsonObject("record").get("uid").getAsLong());
      }
    }
  }

  @Test
  void allRepliesButTheLastSayThatMoreFollow() throws Exception {
    List<String> members = new ArrayList<>(Collections.nCopies(20_000, "user01"));
    world.groups.set(0, new GroupEntry("datengruppe", UserdbFixture.GID, members));
    try (Client client = new Client()) {
      client.send(
          "{\"method\":\"io.systemd.UserDatabase.GetMemberships\",\"more\":true,\"parameters\":"
              + "{\"groupName\":\"bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6\","
              + "\"service\":\"himmelblau\"}}\0");
      for (int left = members.size(); left > 0; left--) {
        assertEquals(left > 1, client.receive().orElseThrow().has("continues"));
      }
    }
  }

  @Test
  void aOnewayCallGetsNoReply() throws Exception {
    try (Client client = new Client()) {
      client.send(USER02.formatted(",\"oneway\":true") + "\0{\"method\":\"x\",\"oneway\":true}\0");
      client.send("{\"method\":\"org.varlink.service.GetInfo\"}\0");
      JsonObject info = client.receive().orElseThrow().getAsJsonObject("parameters");
      assertEquals("1.2.3", info.get("version").getAsString());
      assertTrue(info.getAsJsonArray("interfaces").toString().contains("UserDatabase"));
    }
  }

  @Test
  void describesItsInterfaces() throws Exception {
    try (Client client = new Client()) {
      for (String name : List.of("io.systemd.UserDatabase", "org.varlink.service")) {
        client.send(
            "{\"method\":\"org.varlink.service.GetInterfaceDescription\",\"parameters\":"
                + "{\"interface\":\""
                + name
                + "\"}}\0");
        assertTrue(
            client
                .receive()
                .orElseThrow()
                .getAsJsonObject("parameters")
                .get("description")
                .getAsString()
                .contains("\ninterface " + name + "\n"));
      }
      client.send(
          "{\"method\":\"org.varlink.service.GetInterfaceDescription\","
              + "\"parameters\":{\"interface\":\"../../etc/passwd\"}}\0");
      assertEquals(
          "org.varlink.service.InterfaceNotFound",
          client.receive().orElseThrow().get("error").getAsString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-interface", "io.systemd.Home.ListHomes", ""})
  void anUnknownInterfaceIsNamed(String method) throws Exception {
    try (Client client = new Client()) {
      client.send("{\"method\":\"" + method + "\"}\0");
      assertEquals(
          "org.varlink.service.InterfaceNotFound",
          client.receive().orElseThrow().get("error").getAsString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{}",
        "[]",
        "null",
        "{\"method\":5}",
        "{\"method\":\"a.b\",\"parameters\":[]}",
        "{\"method\":\"a.b\",\"more\":\"yes\"}",
        "{\"method\":\"a.b\",\"upgrade\":true}",
        "{\"method\":\"a.b\"} {}",
        "{method:\"a.b\"}",
        "{\"method\":\"a.b\",}",
        "\u00ff\ufffe",
      })
  void whatIsNoCallIsCutOff(String message) throws Exception {
    try (Client client = new Client()) {
      client.send(message + "\0");
      assertTrue(client.cutOff());
    }
  }

  @Test
  void deepLongAndForeignBytesAreCutOff() throws Exception {
    String deep = "{\"method\":\"a.b\",\"parameters\":" + "{\"a\":".repeat(2000);
    byte[] latin1 = "{\"method\":\"ä.b\"}\0".getBytes(StandardCharsets.ISO_8859_1);
    for (byte[] bytes : List.of((deep + "\0").getBytes(StandardCharsets.UTF_8), latin1)) {
      try (Client client = new Client()) {
        client.send(bytes);
        assertTrue(client.cutOff());
      }
    }
    try (Client client = new Client()) {
      byte[] flood = new byte[VarlinkConnection.LONGEST];
      Arrays.fill(flood, (byte) ' ');
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 1000; i++) {
              client.send(flood);
            }
          });
    }
  }

  @Test
  void slowAndSilentPeersAreCutOff() throws Exception {
    try (Client silent = new Client();
        Client slow = new Client();
        Client idle = new Client();
        Client deaf = new Client()) {
      slow.send("{\"method\"");
      idle.send(USER02.formatted("") + "\0");
      assertTrue(idle.receive().isPresent());
      world.groups.set(
          0,
          new GroupEntry(
              "big", UserdbFixture.GID, Collections.nCopies(200_000, "somebody-or-other")));
      deaf.send(
          "{\"method\":\"io.systemd.UserDatabase.GetGroupRecord\",\"parameters\":"
              + "{\"gid\":145696387,\"service\":\"himmelblau\"}}\0");
      assertTrue(silent.cutOff());
      assertTrue(slow.cutOff());
      assertTrue(idle.cutOff());
      Thread.sleep(600);
      assertTrue(deaf.cutOff());
    }
  }

  @Test
  void aBrokenDirectoryIsNotAvailableAndTheConnectionLives() throws Exception {
    world.broken = true;
    try (Client client = new Client()) {
      client.send(USER02.formatted("") + "\0");
      assertEquals(
          "io.systemd.UserDatabase.ServiceNotAvailable",
          client.receive().orElseThrow().get("error").getAsString());
      world.broken = false;
      client.send(USER02.formatted("") + "\0");
      assertFalse(client.receive().orElseThrow().has("error"));
    }
  }

  @Test
  void thereIsALimitAndRoomAgainAfterwards() throws Exception {
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < RelayListener.MOST; i++) {
        clients.add(new Client());
      }
      try (Client tooMany = new Client()) {
        assertTrue(tooMany.cutOff());
      }
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
    JsonObject reply = null;
    for (int i = 0; i < 200 && reply == null; i++) {
      try (Client client = new Client()) {
        client.send(USER02.formatted("") + "\0");
        reply = client.receive().orElse(null);
      } catch (IOException full) {
        Thread.sleep(10);
      }
    }
    assertFalse(reply.has("error"));
  }

  @Test
  void aFileThatWasRemovedIsMadeAgain() throws Exception {
    Files.delete(path);
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!Files.exists(path) && System.nanoTime() < until) {
      Thread.sleep(50);
    }
    try (Client client = new Client()) {
      client.send(USER02.formatted("") + "\0");
      assertTrue(client.receive().orElseThrow().has("parameters"));
    }
  }

  @Test
  void theSocketOfASuccessorStays() throws Exception {
    Files.delete(path);
    UserDatabase database = new UserDatabase(() -> Optional.of(world.directory()));
    try (RelayListener successor =
        RelayListener.open(path, new CallDispatch(new Introspection("1.2.3"), database), SHORT)) {
      listener.close();
      assertTrue(Files.exists(successor.path()));
      try (Client client = new Client()) {
        client.send(USER02.formatted("") + "\0");
        assertTrue(client.receive().orElseThrow().has("parameters"));
      }
    }
  }

  @Test
  void neitherASecondDaemonNorAForeignFileIsReplaced() throws Exception {
    CallDispatch dispatch =
        new CallDispatch(new Introspection("1"), new UserDatabase(Optional::<Directory>empty));
    assertTrue(
        assertThrows(IOException.class, () -> RelayListener.open(path, dispatch, SHORT))
            .getMessage()
            .contains("another process already listens there"));
    Path file = Files.writeString(folder.resolve("file"), "kept");
    assertThrows(IOException.class, () -> RelayListener.open(file, dispatch, SHORT));
    assertEquals("kept", Files.readString(file));
  }
}
