package himmelblau.http.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class SenderTest {
  private static final HttpSettings PATIENT =
      new HttpSettings(Duration.ofSeconds(20), HttpSettings.Family.BOTH);
  private static final HttpSettings BRIEF =
      new HttpSettings(Duration.ofMillis(700), HttpSettings.Family.BOTH);

  @TempDir Path folder;
  private TlsServer server;
  private Path ca;
  private volatile HttpSettings settings = PATIENT;
  private Sender sender;

  @BeforeEach
  void start() throws Exception {
    server = new TlsServer();
    ca = folder.resolve("ca.pem");
    server.writeCa(ca);
    sender = sender(Map.of());
  }

  private Sender sender(Map<String, String> environment) {
    Resolver resolver =
        host -> {
          if (host.equals("missing.test")) {
            throw new UnknownHostException(host);
          }
          return List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
        };
    Connector connector = new Connector(resolver, new Proxies(environment));
    return new Sender(() -> settings, new TrustStore(List.of(ca)), connector, Rest.Clocks.SYSTEM);
  }

  @AfterEach
  void stop() throws Exception {
    sender.close();
    server.close();
  }

  private URI uri(String host, String rest) {
    return URI.create("https://" + host + ":" + server.port() + rest);
  }

  private HttpReply get() throws IOException {
    return sender.send(HttpCall.get(uri("server.test", "/a%20b?c=%2F")));
  }

  @Test
  void sendsAndReadsAndUsesTheConnectionAgain() throws Exception {
    server.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nx-a: 2\r\n\r\nhi");
    HttpReply reply = get();
    assertEquals("hi", reply.text());
    assertEquals(List.of("1", "2"), reply.headers().get("x-a"));
    byte[] body = "ü".getBytes(StandardCharsets.UTF_8);
    sender.send(
        HttpCall.post(uri("server.test", "/p"), "text/plain", body).header("User-Agent", ""));
    assertEquals(1, server.connections.get());
    assertTrue(server.requests.get(0).startsWith("GET /a%20b?c=%2F HTTP/1.1\nHost: server.test:"));
    assertTrue(server.requests.get(1).contains("\nUser-Agent: \n"));
    assertTrue(server.requests.get(1).contains("\nContent-Length: 2\n"));
  }

  @Test
  void reconnectsAfterTheServerClosed() throws Exception {
    server.answers(
        (head, out, socket) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          out.flush();
          socket.close();
        });
    get();
    get();
    assertEquals(2, server.connections.get());
  }

  @Test
  void readsChunks() throws Exception {
    server.answers(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nT: 1\r\n\r\n");
    assertArrayEquals("abcd".getBytes(StandardCharsets.UTF_8), get().body());
    assertEquals("abcd", get().text());
    assertEquals(1, server.connections.get());
  }

  @Test
  void doesNotFollowRedirects() throws Exception {
    server.answers("HTTP/1.1 302 Found\r\nLocation: msauth://x\r\nContent-Length: 0\r\n\r\n");
    assertEquals("msauth://x", get().header("location").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nBroken\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 9000 OK\r\n\r\n"
      })
  void refusesHostileReplies(String reply) {
    server.answers(reply);
    ProtocolException e = assertThrows(ProtocolException.class, this::get);
    assertTrue(e.getMessage().startsWith("What server.test sent is not usable: "), e.getMessage());
  }

  @Test
  void boundsEndlessBodiesAndHeaders() {
    server.answers(
        (head, out, socket) -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          while (true) {
            out.write(new byte[8192]);
          }
        });
    assertThrows(ProtocolException.class, this::get);
    server.answers(
        (head, out, socket) -> {
          out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
          while (true) {
            out.write("A: b\r\n".getBytes(StandardCharsets.UTF_8));
          }
        });
    assertThrows(ProtocolException.class, this::get);
  }

  @Test
  void saysThatAReplyBrokeOff() {
    server.answers(
        (head, out, socket) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab".getBytes(StandardCharsets.UTF_8));
          out.flush();
          socket.close();
        });
    IOException e = assertThrows(IOException.class, this::get);
    assertTrue(e.getMessage().contains("server.test"), e.getMessage());
    server.answers((head, out, socket) -> socket.close());
    assertThrows(IOException.class, this::get);
  }

  @Test
  void endsAtTheDeadlineWhenTheServerStalls() {
    settings = BRIEF;
    server.answers(
        (head, out, socket) -> {
          try {
            Thread.sleep(Duration.ofMinutes(5));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    SocketTimeoutException e = assertThrows(SocketTimeoutException.class, this::get);
    assertTrue(e.getMessage().contains("request_timeout"), e.getMessage());
  }

  @Test
  void endsAtTheDeadlineWhenTheHandshakeStalls() throws Exception {
    settings = BRIEF;
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("https://server.test:" + silent.getLocalPort() + "/");
      assertThrows(SocketTimeoutException.class, () -> sender.send(HttpCall.get(uri)));
    }
  }

  @Test
  void endsAtOnceWhenInterrupted() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    server.answers(
        (head, out, socket) -> {
          asked.countDown();
          try {
            Thread.sleep(Duration.ofMinutes(5));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    FutureTask<HttpReply> call = new FutureTask<>(this::get);
    Thread caller = Thread.ofVirtual().start(call);
    asked.await();
    caller.interrupt();
    ExecutionException e = assertThrows(ExecutionException.class, call::get);
    assertEquals(InterruptedIOException.class, e.getCause().getClass());
  }

  @Test
  void refusesAnUntrustedCertificateUntilItsCaIsAdded() throws Exception {
    server.answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    try (TlsServer other = new TlsServer()) {
      other.writeCa(ca);
      SSLException e = assertThrows(SSLException.class, this::get);
      assertTrue(e.getMessage().contains("CA bundle"), e.getMessage());
    }
    server.writeCa(folder.resolve("new.pem"));
    Files.move(folder.resolve("new.pem"), ca, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(200, get().status());
  }

  @Test
  void refusesACertificateOfAnotherName() {
    SSLException e =
        assertThrows(
            SSLException.class, () -> sender.send(HttpCall.get(uri("other.test", "/secret?x"))));
    assertTrue(e.getMessage().contains("other.test"), e.getMessage());
    assertTrue(!e.getMessage().contains("secret"), e.getMessage());
  }

  @Test
  void saysWhatIsWrongWithTheNetwork() throws Exception {
    assertThrows(
        UnknownHostException.class,
        () -> sender.send(HttpCall.get(URI.create("https://missing.test/"))));
    int closed;
    try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = once.getLocalPort();
    }
    URI nobody = URI.create("https://server.test:" + closed + "/");
    assertThrows(ConnectException.class, () -> sender.send(HttpCall.get(nobody)));
    settings = new HttpSettings(Duration.ofSeconds(5), HttpSettings.Family.IPV6);
    ConnectException e = assertThrows(ConnectException.class, this::get);
    assertTrue(e.getMessage().contains("ip_version"), e.getMessage());
  }

  @Test
  void acceptsHttpsOnlyAndNoForgedHeaders() {
    assertThrows(
        IOException.class, () -> sender.send(HttpCall.get(URI.create("http://server.test/"))));
    HttpCall forged = HttpCall.get(uri("server.test", "/")).header("X", "a\r\nHost: b");
    assertThrows(IllegalArgumentException.class, () -> sender.send(forged));
  }

  @Test
  void goesThroughTheProxy() throws Exception {
    server.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    try (Tunnel tunnel = new Tunnel()) {
      Map<String, String> environment =
          Map.of("HTTPS_PROXY", "http://u:p@proxy.test:" + tunnel.port(), "NO_PROXY", "x.test");
      try (Sender proxied = sender(environment)) {
        assertEquals("ok", proxied.send(HttpCall.get(uri("server.test", "/"))).text());
        assertTrue(tunnel.head.startsWith("CONNECT server.test:" + server.port()));
        assertTrue(tunnel.head.contains("Proxy-Authorization: Basic dTpw"));
      }
      try (Sender direct =
          sender(Map.of("https_proxy", "http://proxy.test:1", "NO_PROXY", ".test"))) {
        assertEquals("ok", direct.send(HttpCall.get(uri("server.test", "/"))).text());
      }
    }
  }
}
