package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.directory.Directory;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.api.login.Peer;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LookupDispatchTest {
  private static final PasswdEntry USER02 =
      new PasswdEntry("user02", 773235643L, 4294967294L, "User Zwö", "/home/user02", "/bin/bash");

  @TempDir Path folder;
  private Path path;
  private Listener listener;
  private final AwaitedService<Directory> service = new AwaitedService<>();
  private final List<List<Object>> asked = new CopyOnWriteArrayList<>();
  private final Deque<LookupAnswer<?>> later = new ConcurrentLinkedDeque<>();
  private volatile LookupAnswer<?> answer = new LookupAnswer.Found<>(USER02);

  private final LookupDispatch dispatch = new LookupDispatch(service, Duration.ofMillis(500));
  private volatile long uid;

  @BeforeEach
  void setUp() throws Exception {
    path = folder.resolve("lookup");
    listener =
        Listener.open(
            "lookup",
            path,
            "rw-rw-rw-",
            PeerLimits.USUAL,
            connection -> dispatch.serve(connection.as(new Peer(uid, uid, 1))));
    service.set(directory());
  }

  @AfterEach
  void tearDown() throws Exception {
    listener.close();
    Await.until("all threads end", () -> Await.threads("lookup") == 0);
  }

  private volatile Throwable broken = new IllegalStateException("broken");

  /** Remembers what it is asked and gives {@link #answer}. */
  private Directory directory() {
    return (Directory)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Directory.class},
            (proxy, method, arguments) -> {
              asked.add(List.of(method.getName(), arguments[0]));
              Duration budget = (Duration) arguments[1];
              assertTrue(budget.compareTo(Duration.ofSeconds(5)) <= 0 && !budget.isNegative());
              if (!later.isEmpty()) {
                return later.pop();
              }
              if (answer == null) {
                throw broken;
              }
              return answer;
            });
  }

  private static Frame ask(int operation, byte[] key) {
    return Frame.of(Kind.LOOKUP).u32(operation).bytes(key).u32(250).build();
  }

  private static byte[] text(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] number(long key) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) key).array();
  }

  @Test
  void oneUidCannotAskForManyNamesAtOnce() throws Exception {
    uid = 1000;
    answer = new LookupAnswer.NotFound<>();
    int later = 0;
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Client client = new Client(path);
        clients.add(client);
        client.send(ask(List.of(1, 3, 5).get(i % 3), text("ghost" + i)));
      }
      for (Client client : clients) {
        later += client.receive().kind() == Kind.TRY_AGAIN ? 1 : 0;
      }
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
    assertEquals(60 - later, asked.size(), "no question to the directory");
    assertTrue(later >= 20, "asked: " + asked.size());
    try (Client client = new Client(path)) {
      for (int i = 0; i < 60; i++) {
        client.send(ask(2, number(i))).expect(Kind.NOT_FOUND);
      }
    }
    uid = 1001;
    try (Client client = new Client(path)) {
      for (int i = 0; i < 20; i++) { // one after the other is only slower
        client.send(ask(1, text("ghost" + i))).expect(Kind.NOT_FOUND);
      }
    }
    uid = 0;
    try (Client client = new Client(path)) {
      for (int i = 0; i < 100; i++) {
        client.send(ask(1, text("ghost" + i))).expect(Kind.NOT_FOUND);
      }
    }
  }

  @Test
  void asksTheRightQuestionOnOneConnection() throws Exception {
    try (Client client = new Client(path)) {
      for (int operation : List.of(1, 2)) {
        client.send(ask(operation, operation == 1 ? text("user02") : number(4294967294L)));
        Fields passwd = client.expect(Kind.PASSWD).fields();
        assertEquals("user02", passwd.text());
        assertEquals(773235643L, passwd.u32());
        assertEquals(4294967294L, passwd.u32());
        assertEquals("User Zwö", passwd.text());
        assertEquals("/home/user02", passwd.text());
        assertEquals("/bin/bash", passwd.text());
      }
      answer =
          new LookupAnswer.Found<>(
              new GroupEntry("datengruppe", 145696387L, List.of("user01", "user02")));
      for (int operation : List.of(3, 4)) {
        client.send(ask(operation, operation == 3 ? text("some-id") : number(145696387L)));
        Fields group = client.expect(Kind.GROUP).fields();
        assertEquals("datengruppe", group.text());
        assertEquals(145696387L, group.u32());
        assertEquals("user01", group.text());
        assertEquals("user02", group.text());
        assertEquals(0, group.left());
      }
      answer = new LookupAnswer.Found<>(new Gids(773235643L, List.of(145696387L, 4294967294L)));
      Fields gids = client.send(ask(5, text("user02"))).expect(Kind.GIDS).fields();
      assertEquals(773235643L, gids.u32());
      ByteBuffer packed = ByteBuffer.wrap(gids.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(145696387, packed.getInt());
      assertEquals(-2, packed.getInt());
    }
    assertEquals(
        List.of(
            List.of("userByName", "user02"),
            List.of("userById", 4294967294L),
            List.of("groupByName", "some-id"),
            List.of("groupById", 145696387L),
            List.of("groupsOf", "user02")),
        asked);
  }

  @Test
  void saysWhatIsNotThere() throws Exception {
    try (Client client = new Client(path)) {
      answer = new LookupAnswer.NotFound<>();
      client.send(ask(1, text("x"))).expect(Kind.NOT_FOUND);
      answer = new LookupAnswer.TryAgain<>();
      client.send(ask(5, text("x"))).expect(Kind.TRY_AGAIN);
      answer = new LookupAnswer.Unavailable<>();
      client.send(ask(4, number(1))).expect(Kind.UNAVAILABLE);
      answer = null;
      client.send(ask(4, number(1))).expect(Kind.UNAVAILABLE);
      broken = new NoClassDefFoundError("himmelblau/replaced/Part");
      client.send(ask(4, number(1))).expect(Kind.UNAVAILABLE);
    }
  }

  @Test
  void pointsToTheMapWhenAFrameIsTooSmall() throws Exception {
    try (Client client = new Client(path)) {
      answer =
          new LookupAnswer.Found<>(new GroupEntry("many", 1L, Collections.nCopies(510, "user")));
      assertEquals(512, client.send(ask(4, number(1))).expect(Kind.GROUP).fieldCount());
      answer =
          new LookupAnswer.Found<>(new GroupEntry("many", 1L, Collections.nCopies(511, "user")));
      client.send(ask(4, number(1))).expect(Kind.IN_MAP);
      answer =
          new LookupAnswer.Found<>(
              new GroupEntry("long", 1L, Collections.nCopies(300, "x".repeat(255))));
      client.send(ask(4, number(1))).expect(Kind.IN_MAP);
      answer = new LookupAnswer.Found<>(new Gids(1L, Collections.nCopies(20000, 7L)));
      client.send(ask(5, text("x"))).expect(Kind.IN_MAP);
    }
  }

  @Test
  void refusesMalformedQuestions() throws Exception {
    for (Frame frame :
        List.of(
            ask(0, text("x")),
            ask(6, text("x")),
            ask(1, new byte[] {(byte) 0xff}),
            ask(1, new byte[] {'x', 0}),
            ask(2, new byte[3]),
            Frame.of(Kind.LOOKUP).u32(1).text("x").build(),
            Frame.of(Kind.START).build())) {
      try (Client client = new Client(path)) {
        assertTrue(client.send(frame).closed());
      }
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void closesIdleConnections() throws Exception {
    try (Client client = new Client(path)) {
      client.send(ask(1, text("user02"))).expect(Kind.PASSWD);
      assertTrue(client.closed());
    }
  }

  @Test
  void waitsForTheDirectoryNoLongerThanTheDeadline() throws Exception {
    Directory directory = directory();
    service.set(directory);
    service.clear(directory);
    try (Client client = new Client(path)) {
      client.send(Frame.of(Kind.LOOKUP).u32(1).text("x").u32(20).build()).expect(Kind.UNAVAILABLE);
      client.send(Frame.of(Kind.LOOKUP).u32(1).text("x").u32(0xffffffffL).build());
      service.set(directory);
      client.expect(Kind.PASSWD);
    }
  }

  private static Frame ask(String name, String program) {
    return Frame.of(Kind.LOOKUP).u32(1).text(name).u32(220).text(program).build();
  }

  @Test
  void programsThatBeginASessionWaitForASlowDirectory() throws Exception {
    uid = 0;
    later.add(new LookupAnswer.TryAgain<>());
    try (Client client = new Client(path)) {
      client.send(ask("user02", "sshd")).expect(Kind.WORKING);
      client.expect(Kind.PASSWD);
      answer = new LookupAnswer.TryAgain<>();
      client.send(ask("user02", "sshd-session")).expect(Kind.WORKING);
      client.expect(Kind.TRY_AGAIN);
      answer = new LookupAnswer.NotFound<>();
      client.send(ask("user02", "sshd")).expect(Kind.NOT_FOUND);
    }
  }

  @Test
  void otherProgramsAreNot() throws Exception {
    answer = new LookupAnswer.TryAgain<>();
    try (Client client = new Client(path)) {
      client.send(ask("user02", "ls")).expect(Kind.TRY_AGAIN);
      client.send(ask(1, text("user02"))).expect(Kind.TRY_AGAIN);
      client
          .send(Frame.of(Kind.LOOKUP).u32(5).text("user02").u32(220).text("sshd").build())
          .expect(Kind.TRY_AGAIN);
    }
    uid = 1000;
    try (Client client = new Client(path)) {
      client.send(ask("user02", "sshd")).expect(Kind.TRY_AGAIN);
    }
  }

  @Test
  void onlySomeWaitAtATime() {
    LongerLookups longer = new LongerLookups();
    Peer root = new Peer(0, 0, 1);
    List<LongerLookups.Place> held = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      held.add(longer.place(root, "sshd").orElseThrow());
    }
    assertTrue(longer.place(root, "sshd").isEmpty());
    held.removeFirst().close();
    assertTrue(longer.place(root, "sshd").isPresent());
  }

  @Test
  void manyAtOnce() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    List<Object> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 50; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Client client = new Client(path)) {
                      for (int k = 0; k < 20; k++) {
                        client.send(ask(1, text("user02"))).expect(Kind.PASSWD);
                      }
                    } catch (IOException | AssertionError e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
  }
}
