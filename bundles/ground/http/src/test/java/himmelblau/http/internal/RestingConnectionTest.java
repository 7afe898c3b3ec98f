package himmelblau.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that died while they rested, of which nobody was told (decision 0750). */
@NullUnmarked
class RestingConnectionTest {
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private final Set<Socket> known = ConcurrentHashMap.newKeySet();
  private final Set<Socket> dead = ConcurrentHashMap.newKeySet();
  private TlsServer server;
  private Sender sender;
  private volatile HttpSettings settings =
      new HttpSettings(Duration.ofSeconds(30), HttpSettings.Family.BOTH);
  private volatile long monotonic;
  private volatile long wall = 1_800_000_000;

  @BeforeEach
  void start() throws Exception {
    server = new TlsServer();
    server.answers(
        (head, out, socket) -> {
          known.add(socket);
          if (dead.contains(socket)) {
            awaitTheEnd(socket);
          } else {
            out.write(OK);
          }
        });
    Path ca = folder.resolve("ca.pem");
    server.writeCa(ca);
    Resolver resolver = host -> List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
    sender =
        new Sender(
            () -> settings,
            new TrustStore(List.of(ca)),
            new Connector(resolver, new Proxies(Map.of())),
            new Rest.Clocks(
                () -> Duration.ofSeconds(monotonic).toNanos(), () -> Instant.ofEpochSecond(wall)));
  }

  @AfterEach
  void stop() throws Exception {
    sender.close();
    server.close();
  }

  /** As a network that drops everything. */
  private static void awaitTheEnd(Socket socket) throws IOException {
    while (socket.getInputStream().read() >= 0) {
      // what else comes is dropped too
    }
  }

  private void pass(long seconds) {
    monotonic += seconds;
    wall += seconds;
  }

  private void everyConnectionDies() {
    dead.addAll(known);
  }

  private URI uri() {
    return URI.create("https://server.test:" + server.port() + "/");
  }

  private HttpReply get() throws IOException {
    return sender.send(HttpCall.get(uri()));
  }

  private HttpReply post() throws IOException {
    return sender.send(HttpCall.post(uri(), "text/plain", new byte[] {'x'}));
  }

  private long posts() {
    return server.requests.stream().filter(request -> request.startsWith("POST")).count();
  }

  @Test
  void whatMayBeSentTwiceIsSentOverANewOne() throws Exception {
    get();
    pass(2);
    everyConnectionDies();
    assertEquals("hi", get().text());
    assertEquals(2, server.connections.get());
  }

  @Test
  void oneThatDiesBesideItIsNotUsedEither() throws Exception {
    get();
    settings = new HttpSettings(Duration.ofSeconds(30), HttpSettings.Family.IPV4); // another route
    get();
    pass(2);
    everyConnectionDies();
    get();
    assertEquals(3, server.connections.get());
    settings = new HttpSettings(Duration.ofSeconds(30), HttpSettings.Family.BOTH);
    assertEquals("hi", get().text());
    assertEquals(4, server.connections.get());
    assertEquals(5, server.requests.size(), "nothing was sent over the one beside it");
  }

  @Test
  void whatMustNotBeSentTwiceIsSentOnce() throws Exception {
    get();
    everyConnectionDies();
    settings = new HttpSettings(Duration.ofSeconds(2), HttpSettings.Family.BOTH);
    assertThrows(SocketTimeoutException.class, this::post);
    assertEquals(1, posts());
  }

  @Test
  void whatMustNotBeSentTwiceNeedsOneThatWasAliveJustNow() throws Exception {
    get();
    pass(1);
    post();
    assertEquals(1, server.connections.get());
    pass(2);
    everyConnectionDies();
    assertEquals("hi", post().text());
    assertEquals(2, server.connections.get());
    assertEquals(2, posts());
  }

  @ParameterizedTest
  @CsvSource({"5, 5, 1", "16, 16, 2", "0, 60, 2", "16, 0, 2", "1, -3600, 2"})
  void itRestsForAShortTimeWhicheverClockIsRight(
      long monotonicSeconds, long wallSeconds, int connections) throws Exception {
    get();
    monotonic += monotonicSeconds;
    wall += wallSeconds;
    get();
    assertEquals(connections, server.connections.get());
  }

  @Test
  void aServerThatIsSlowOverAConnectionThatWasAliveJustNowIsNotAskedTwice() throws Exception {
    get();
    settings = new HttpSettings(Duration.ofSeconds(3), HttpSettings.Family.BOTH);
    everyConnectionDies();
    assertThrows(SocketTimeoutException.class, this::get);
    assertEquals(1, server.connections.get());
  }

  @Test
  void aServerThatIsSlowOverANewConnectionIsNotAskedTwice() throws Exception {
    settings = new HttpSettings(Duration.ofSeconds(1), HttpSettings.Family.BOTH);
    server.answers((head, out, socket) -> awaitTheEnd(socket));
    assertThrows(SocketTimeoutException.class, this::get);
    assertEquals(1, server.requests.size());
  }
}
