package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.Peer;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import himmelblau.frames.PeerCredentials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ListenerTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path folder;
  private Path path;
  private final List<Peer> peers = new CopyOnWriteArrayList<>();
  private Listener listener;

  @BeforeEach
  void setUp() throws Exception {
    path = folder.resolve("socket");
    listener = open(new PeerLimits(Duration.ofSeconds(20), SHORT, SHORT, SHORT, 8, 8, 8));
  }

  @AfterEach
  void tearDown() {
    listener.close();
  }

  private Listener open(PeerLimits limits) throws IOException {
    return Listener.open("echo", path, "rw-rw-rw-", limits, this::echo);
  }

  /** Says GIVE_UP for every frame. */
  private void echo(PeerConnection connection) throws IOException {
    peers.add(connection.peer());
    Optional<Frame> next = connection.read(connection.limits().first());
    while (next.isPresent()) {
      connection.write(Frame.of(Kind.GIVE_UP).build());
      next = connection.read();
    }
  }

  private static boolean alive(Client client) throws IOException {
    return client.send(Frame.of(Kind.GIVE_UP).build()).receive().kind() == Kind.GIVE_UP;
  }

  @Test
  void knowsItsPeer() throws Exception {
    try (Client client = new Client(path)) {
      assertTrue(alive(client));
    }
    long uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    long gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
    assertEquals(List.of(new Peer(uid, gid, (int) ProcessHandle.current().pid())), peers);
    assertEquals(uid, PeerCredentials.own());
  }

  /** Most users have the same number as their group, so this needs one who has not. */
  @Test
  void doesNotMixUpTheUserAndTheGroupOfItsPeer() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Client client = OtherUser.call(OtherUser.UID, OtherUser.GID, () -> new Client(path))) {
      assertTrue(alive(client));
    }
    assertEquals(
        List.of(new Peer(OtherUser.UID, OtherUser.GID, (int) ProcessHandle.current().pid())),
        peers);
  }

  @Test
  void closesOnGarbageAndServesTheNext() throws Exception {
    for (String hex :
        List.of(
            "474554202f20485454502f312e310d0a0d0a",
            "00000000",
            "03000000011200",
            "0100010001240100",
            "ffffffff01240000",
            "0400000002120000",
            "080800000151010200",
            "050000000112000000",
            "0900000001200100ffffffff61")) {
      try (Client client = new Client(path)) {
        client.sendRaw(HexFormat.of().parseHex(hex));
        assertTrue(client.closed(), hex);
      }
    }
    try (Client client = new Client(path)) {
      assertTrue(alive(client));
    }
  }

  @Test
  void takesTheLargestFrameAndFramesInPieces() throws Exception {
    try (Client client = new Client(path)) {
      client.send(Frame.of(Kind.OUT).bytes(new byte[65528]).build());
      assertEquals(Kind.GIVE_UP, client.receive().kind());
      for (byte one : HexFormat.of().parseHex("0400000001120000")) {
        client.sendRaw(new byte[] {one});
      }
      assertEquals(Kind.GIVE_UP, client.receive().kind());
      client.sendRaw(HexFormat.of().parseHex("04000000011200000400000001120000"));
      assertEquals(Kind.GIVE_UP, client.receive().kind());
      assertEquals(Kind.GIVE_UP, client.receive().kind());
    }
  }

  @Test
  void closesSlowFramesWhereverTheyStop() throws Exception {
    for (String hex : List.of("04", "04000000", "0a0000000111", "0a00000001110100020000")) {
      try (Client client = new Client(path)) {
        client.sendRaw(HexFormat.of().parseHex(hex));
        assertTrue(client.closed(), hex);
      }
      try (Client client = new Client(path)) {
        assertTrue(alive(client));
        client.sendRaw(HexFormat.of().parseHex(hex));
        assertTrue(client.closed(), "second frame, " + hex);
      }
    }
  }

  @Test
  void aFinishedFrameHasNoDeadline() throws Exception {
    try (Client client = new Client(path)) {
      assertTrue(alive(client));
      Thread.sleep(SHORT.toMillis() * 2); // what must not happen cannot be awaited
      assertTrue(alive(client));
    }
  }

  @Test
  void closesTheSilent() throws Exception {
    listener.close();
    listener = open(new PeerLimits(SHORT, Duration.ofSeconds(20), SHORT, SHORT, 8, 8, 8));
    try (Client client = new Client(path)) {
      assertTrue(client.closed());
    }
  }

  @Test
  void closesPeersThatDoNotRead() throws Exception {
    try (Client client = new Client(path)) {
      ByteBuffer frames = ByteBuffer.allocate(8000);
      while (frames.hasRemaining()) {
        frames.put(HexFormat.of().parseHex("0400000001120000"));
      }
      client.channel.configureBlocking(false);
      Await.until(
          "the daemon gives up",
          () -> {
            try {
              return client.channel.write(frames.rewind()) < 0;
            } catch (IOException e) {
              return true; // broken pipe
            }
          });
    }
  }

  @Test
  void limitsTheConnectionsOfAUid() throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(new Client(path));
      assertTrue(alive(clients.getLast()));
    }
    try (Client tooMany = new Client(path)) {
      assertEquals(Kind.NO_ROOM, tooMany.receive().kind());
      assertTrue(tooMany.closed());
    }
    clients.getFirst().close();
    Await.until(
        "room for another",
        () -> {
          try (Client again = new Client(path)) {
            return alive(again);
          } catch (IOException | java.util.NoSuchElementException e) {
            return false;
          }
        });
    for (Client client : clients) {
      client.close();
    }
  }

  @Test
  void aFileThatWasRemovedComesBack() throws Exception {
    try (Client before = new Client(path)) {
      assertTrue(alive(before));
      Files.delete(path);
      Await.until("the socket is back", () -> Files.exists(path));
      Await.until("somebody answers", () -> answered());
      assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      assertTrue(alive(before), "who was connected stays so");
    }
    listener.close();
    assertFalse(Files.exists(path));
  }

  private boolean answered() {
    try (Client client = new Client(path)) {
      return alive(client);
    } catch (IOException | java.util.NoSuchElementException e) {
      return false;
    }
  }

  @Test
  void somethingElseInItsPlaceIsLeftAlone() throws Exception {
    Files.delete(path);
    Files.writeString(path, "mine");
    Thread.sleep(6000); // longer than the listener looks away
    assertEquals("mine", Files.readString(path));
    Files.delete(path);
    Await.until("the socket is back", () -> Files.exists(path));
    Await.until("somebody answers", () -> answered());
  }

  @Test
  void leaksNothing() throws Exception {
    try (Client warm = new Client(path)) {
      assertTrue(alive(warm));
    }
    Await.until("quiet before", () -> Await.threads("echo\"") == 0);
    int before = Await.descriptors();
    for (int i = 0; i < 200; i++) {
      try (Client client = new Client(path)) {
        switch (i % 4) {
          case 0 -> alive(client);
          case 1 -> client.sendRaw(new byte[] {4, 0});
          case 2 -> client.sendRaw(new byte[] {0, 0, 0, 0});
          default -> {}
        }
      } catch (IOException | java.util.NoSuchElementException e) {
        // refused for the moment: the ones before are still being closed
      }
    }
    Await.until("all threads end", () -> Await.threads("echo\"") == 0);
    Await.until("all descriptors are closed", () -> Await.descriptors() <= before);
  }

  @Test
  void closingDisconnectsAllPeers() throws Exception {
    try (Client idle = new Client(path);
        Client half = new Client(path)) {
      assertTrue(alive(idle));
      assertTrue(alive(half));
      half.sendRaw(new byte[] {4});
      listener.close();
      assertTrue(idle.closed());
      assertTrue(half.closed());
    }
    assertFalse(Files.exists(path));
    Await.until("all threads end", () -> Await.threads("echo") == 0);
  }
}
