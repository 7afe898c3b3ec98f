package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.Peer;
import himmelblau.api.sso.BrokerCall;
import himmelblau.api.sso.BrokerCalls;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BrokerDispatchTest {
  @TempDir Path folder;
  private Path path;
  private Listener listener;
  private final AwaitedService<BrokerCalls> service = new AwaitedService<>();
  private final List<BrokerCall> calls = new CopyOnWriteArrayList<>();
  private final List<Duration> budgets = new CopyOnWriteArrayList<>();
  private volatile Duration patience = Duration.ofSeconds(30);
  private volatile BrokerCalls answers = (call, budget) -> "{\"accounts\":[]}";
  private volatile long uid = 1000;

  @BeforeEach
  void setUp() throws Exception {
    path = folder.resolve("broker_sock");
    BrokerDispatch dispatch = new BrokerDispatch(service, () -> patience);
    listener =
        Listener.open(
            "broker",
            path,
            "rw-rw-rw-",
            PeerLimits.USUAL,
            connection -> dispatch.serve(connection.as(new Peer(uid, uid, 1))));
    service.set(
        (call, budget) -> {
          calls.add(call);
          budgets.add(budget);
          return answers.answer(call, budget);
        });
  }

  @AfterEach
  void tearDown() throws Exception {
    listener.close();
    Await.until("all threads end", () -> Await.threads("broker") == 0);
  }

  private static Frame call(String method) {
    return Frame.of(Kind.BROKER_CALL).text(method).text("0.0").text("id").text("{}").build();
  }

  @Test
  void theUidOfTheKernelGoesWithEachCall() throws Exception {
    try (Client client = new Client(path)) {
      client.send(call("getAccounts"));
      Frame reply = client.receive();
      assertEquals(Kind.BROKER_REPLY, reply.kind());
      assertEquals("{\"accounts\":[]}", reply.fields().text());
      client.send(call("getLinuxBrokerVersion")).expect(Kind.BROKER_REPLY);
    }
    assertEquals(
        List.of("getAccounts", "getLinuxBrokerVersion"),
        calls.stream().map(BrokerCall::method).toList());
    assertEquals(new Peer(1000, 1000, 1), calls.get(0).peer());
    assertEquals("{}", calls.get(0).request());
  }

  @Test
  void theAnswerIsThereBeforeTheBrokerStopsWaiting() throws Exception {
    try (Client client = new Client(path)) {
      client.send(call("getAccounts")).expect(Kind.BROKER_REPLY);
      patience = Duration.ofSeconds(1);
      client.send(call("getAccounts")).expect(Kind.BROKER_REPLY);
    }
    assertTrue(budgets.get(0).compareTo(Duration.ofSeconds(28)) <= 0, budgets.toString());
    assertTrue(budgets.get(0).compareTo(Duration.ofSeconds(20)) > 0, budgets.toString());
    assertFalse(budgets.get(1).isZero() || budgets.get(1).compareTo(patience) > 0);
  }

  @Test
  void whatCannotBeAnsweredIsAFailure() throws Exception {
    patience = Duration.ofSeconds(3);
    try (Client client = new Client(path)) {
      answers = (call, budget) -> "x".repeat(70_000);
      client.send(call("getAccounts")).expect(Kind.BROKER_FAILED);
      answers =
          (call, budget) -> {
            throw new IllegalStateException("broken");
          };
      client.send(call("getAccounts")).expect(Kind.BROKER_FAILED);
    }
  }

  @Test
  void withoutItsServiceEachCallFailsInTime() throws Exception {
    patience = Duration.ofSeconds(3);
    service.get(Duration.ZERO).ifPresent(service::clear);
    long begun = System.nanoTime();
    try (Client client = new Client(path)) {
      client.send(call("getAccounts")).expect(Kind.BROKER_FAILED);
    }
    assertTrue(System.nanoTime() - begun < patience.toNanos());
  }

  @Test
  void whoAsksForManyCookiesIsSlowedDown() throws Exception {
    patience = Duration.ofSeconds(3);
    long begun = System.nanoTime();
    try (Client client = new Client(path)) {
      for (int i = 0; i < 105; i++) {
        client.send(call("acquirePrtSsoCookie")).expect(Kind.BROKER_REPLY);
      }
    }
    assertTrue(System.nanoTime() - begun > Duration.ofMillis(300).toNanos());
    uid = 1001;
    begun = System.nanoTime();
    try (Client client = new Client(path)) {
      for (int i = 0; i < 90; i++) {
        client.send(call("acquirePrtSsoCookie")).expect(Kind.BROKER_REPLY);
      }
    }
    assertTrue(System.nanoTime() - begun < Duration.ofSeconds(8).toNanos(), "others are not");
  }

  private String failure(Client client, String method) throws Exception {
    Frame reply = client.send(call(method)).receive();
    return reply.kind() == Kind.BROKER_FAILED ? reply.fields().text() : "";
  }

  /** Limits of three at once that last longer than any call waits. */
  @Test
  void eachUidHasALimitOfCallsAndOneOfCookies() throws Exception {
    listener.close();
    Duration lasting = Duration.ofMinutes(5);
    BrokerDispatch dispatch =
        new BrokerDispatch(
            service,
            () -> patience,
            new LookupRateLimit(lasting, 3),
            new LookupRateLimit(lasting, 2));
    listener =
        Listener.open(
            "broker",
            path,
            "rw-rw-rw-",
            PeerLimits.USUAL,
            connection -> dispatch.serve(connection.as(new Peer(uid, uid, 1))));
    try (Client client = new Client(path);
        Client another = new Client(path)) {
      for (int i = 0; i < 3; i++) {
        assertEquals("", failure(client, "acquireTokenSilently"));
      }
      assertEquals("Too many calls", failure(client, "acquireTokenSilently"));
      assertEquals("Too many calls", failure(another, "getAccounts"), "whatever the connection");
      assertEquals("", failure(client, "acquirePrtSsoCookie"));
      assertEquals("", failure(another, "acquirePrtSsoCookie"));
      assertEquals("Too many calls", failure(client, "acquirePrtSsoCookie"));
    }
    assertEquals(5, calls.size());
    uid = 1001;
    try (Client client = new Client(path)) {
      assertEquals("", failure(client, "acquireTokenSilently"), "others have theirs");
      assertEquals("", failure(client, "acquirePrtSsoCookie"));
    }
  }

  @Test
  void anotherFrameEndsTheConnection() throws Exception {
    try (Client client = new Client(path)) {
      client.send(Frame.of(Kind.LOOKUP).u32(1).build());
      assertTrue(client.closed());
    }
    assertEquals(List.of(), calls);
  }
}
