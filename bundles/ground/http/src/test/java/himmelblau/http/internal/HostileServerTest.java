package himmelblau.http.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that the HTTP library would accept although they are not valid. */
@NullUnmarked
class HostileServerTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue";
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @TempDir Path folder;
  private TlsServer server;
  private Sender sender;

  @BeforeEach
  void start() throws Exception {
    server = new TlsServer();
    server.writeCa(folder.resolve("ca.pem"));
    Resolver resolver =
        host ->
            List.of(
                InetAddress.getByAddress(host, new byte[] {127, 0, 0, 2}), // nobody there
                InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
    HttpSettings settings = new HttpSettings(Duration.ofSeconds(20), HttpSettings.Family.BOTH);
    sender =
        new Sender(
            () -> settings,
            new TrustStore(List.of(folder.resolve("ca.pem"))),
            new Connector(resolver, new Proxies(Map.of())),
            new Rest.Clocks(() -> 0, () -> Instant.EPOCH));
  }

  @AfterEach
  void stop() throws Exception {
    sender.close();
    server.close();
  }

  private URI uri(String path) {
    return URI.create("https://server.test:" + server.port() + path);
  }

  private HttpReply get() throws IOException {
    return sender.send(HttpCall.get(uri("/")));
  }

  /** Answers with {@code text}, then closes. */
  private void cut(String text) {
    server.answers(
        (head, out, socket) -> {
          out.write(text.getBytes(UTF_8));
          out.flush();
          socket.close();
        });
  }

  private void endlessly(String start, String more) {
    server.answers(
        (head, out, socket) -> {
          out.write(start.getBytes(UTF_8));
          while (true) {
            out.write(more.getBytes(UTF_8));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 000 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
        CHUNKED + "+1\r\na\r\n0\r\n\r\n",
        CHUNKED + "-1\r\na\r\n0\r\n\r\n",
        CHUNKED + "0x1\r\na\r\n0\r\n\r\n",
        CHUNKED + "7fffffff\r\n",
        CHUNKED + "400001\r\n",
        CHUNKED + "1\r\nab\r\n0\r\n\r\n",
        CHUNKED + "0\r\nbroken\r\n\r\n"
      })
  void refuses(String reply) {
    server.answers(reply);
    ProtocolException e = assertThrows(ProtocolException.class, this::get);
    assertTrue(e.getMessage().startsWith("What server.test sent is not usable: "), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1",
        CHUNKED,
        CHUNKED + "1\r\na\r\n",
        CHUNKED + "0\r\n",
        CHUNKED + "0\r\nA: b\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"
      })
  void takesNothingThatWasCutOff(String reply) {
    cut(reply);
    IOException e = assertThrows(IOException.class, this::get);
    assertTrue(e.getMessage().contains("before the end of a reply"), e.getMessage());
  }

  @Test
  void readsUntilTheEndWhereTheServerSaysSo() throws Exception {
    cut("HTTP/1.0 200 OK\r\n\r\nall of it");
    assertEquals("all of it", get().text());
  }

  @Test
  void boundsInterimReplies() throws Exception {
    String interim = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    server.answers(interim.repeat(8) + OK);
    assertEquals("true", get().text());
    assertEquals("true", get().text()); // the count starts again
    endlessly("", interim);
    assertThrows(ProtocolException.class, this::get);
    endlessly("", "HTTP/1.1 100 Continue\r\n\r\n");
    assertThrows(ProtocolException.class, this::get);
  }

  @Test
  void boundsHeadsAndTrailers() throws Exception {
    String field = "A: " + "b".repeat(1000) + "\r\n";
    server.answers("HTTP/1.1 200 OK\r\n" + field.repeat(60) + "Content-Length: 0\r\n\r\n");
    assertEquals(60, get().headers().get("a").size());
    server.answers("HTTP/1.1 200 OK\r\n" + field.repeat(80) + "Content-Length: 0\r\n\r\n");
    assertThrows(ProtocolException.class, this::get);
    endlessly("HTTP/1.1 200 OK\r\nA: ", "b".repeat(8192));
    assertThrows(ProtocolException.class, this::get);
    endlessly("", "\r\n");
    assertThrows(ProtocolException.class, this::get);
    endlessly(CHUNKED + "0\r\n", field);
    assertThrows(ProtocolException.class, this::get);
    endlessly(CHUNKED + "1;", "x".repeat(8192));
    assertThrows(ProtocolException.class, this::get);
  }

  @Test
  void boundsABodyOfManyChunks() {
    endlessly(CHUNKED, "1000\r\n" + "x".repeat(4096) + "\r\n");
    ProtocolException e = assertThrows(ProtocolException.class, this::get);
    assertTrue(e.getMessage().contains("larger than 4194304"), e.getMessage());
  }

  @Test
  void refusesAnUnrequestedReply() throws Exception {
    server.answers(OK + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
    assertEquals("true", get().text());
    server.answers(OK);
    assertEquals("true", get().text());
    assertEquals(2, server.connections.get());
    server.answers(
        CHUNKED.replace("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\n") + "1\r\na\r\n0\r\n\r\n");
    assertEquals("a", get().text());
    assertEquals("a", get().text());
    assertEquals(3, server.connections.get()); // both lengths: smuggling, so never used again
  }

  @Test
  void asksForNoCompression() throws Exception {
    server.answers(OK);
    get();
    assertFalse(server.requests.get(0).contains("Accept-Encoding"));
    server.answers(
        CHUNKED.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n") + "1\r\na\r\n");
    assertThrows(ProtocolException.class, this::get);
  }

  @Test
  void repeatsNothingOfWhatWasSent() {
    for (String reply :
        List.of(
            "HTTP/1.1 200 OK\r\nCookie s3cr3t\r\n\r\n", "s3cr3t\r\n\r\n", CHUNKED + "s3cr3t\r\n")) {
      server.answers(reply);
      for (Throwable t = assertThrows(IOException.class, this::get); t != null; t = t.getCause()) {
        assertFalse(String.valueOf(t).contains("s3cr3t"), String.valueOf(t));
      }
    }
  }

  @Test
  void sendsNothingTwice() throws Exception {
    server.answers(OK);
    HttpCall order = HttpCall.post(uri("/"), "text/plain", "once".getBytes(UTF_8));
    sender.send(order);
    cut("");
    assertThrows(IOException.class, () -> sender.send(order));
    assertEquals(1, server.connections.get());
    assertEquals(2, server.requests.size());
  }

  @Test
  void sendsWhatIsLargerThanABufferAndLeavesItAlone() throws Exception {
    server.answers(OK);
    byte[] small = "p=1".getBytes(UTF_8);
    byte[] large = new byte[100_000];
    Arrays.fill(large, (byte) 'x');
    String token = "t".repeat(20_000);
    for (byte[] body : List.of(large, small, large, small)) {
      byte[] before = body.clone();
      sender.send(HttpCall.post(uri("//p?q"), "text/plain", body).header("Authorization", token));
      assertArrayEquals(before, body);
      String got = server.requests.getLast();
      assertTrue(got.startsWith("POST //p?q HTTP/1.1\nHost: server.test:" + server.port() + "\n"));
      assertTrue(got.contains("\nAuthorization: " + token + "\n"));
      assertTrue(got.endsWith("\n\n" + new String(body, UTF_8)));
    }
    assertEquals(1, server.connections.get());
  }

  @Test
  @Timeout(60) // where calls queue, they wait for each other for ever
  void keepsFewConnectionsAndNeverQueuesForOne() throws Exception {
    CountDownLatch arrived = new CountDownLatch(40);
    CountDownLatch over = new CountDownLatch(1);
    CyclicBarrier all = new CyclicBarrier(12);
    server.answers(
        (head, out, socket) -> {
          try {
            if (head.get(0).startsWith("GET /stalls ")) {
              arrived.countDown();
              over.await();
            } else if (head.get(0).startsWith("GET /together ")) {
              all.await();
            }
            out.write(OK.getBytes(UTF_8));
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
    List<FutureTask<HttpReply>> stalled = start(40, "/stalls");
    arrived.await();
    assertEquals("true", get().text());
    over.countDown();
    for (FutureTask<HttpReply> call : stalled) {
      call.get();
    }
    for (int round = 0; round < 2; round++) {
      for (FutureTask<HttpReply> call : start(12, "/together")) {
        assertEquals("true", call.get().text());
      }
    }
    assertEquals(41 + 4 + 4, server.connections.get()); // 8 of each crowd rest
  }

  private List<FutureTask<HttpReply>> start(int count, String path) {
    List<FutureTask<HttpReply>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FutureTask<HttpReply> call = new FutureTask<>(() -> sender.send(HttpCall.get(uri(path))));
      calls.add(call);
      Thread.ofVirtual().start(call);
    }
    return calls;
  }
}
