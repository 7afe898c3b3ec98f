package himmelblau.http.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A proxy sees a connection that is not encrypted yet: none of its data may be accepted as data of
 * the server.
 */
@NullUnmarked
class HostileProxyTest {
  private static final String FORGED = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

  @TempDir Path folder;
  private TlsServer server;
  private ServerSocket proxy;
  private Sender sender;

  @BeforeEach
  void start() throws Exception {
    server = new TlsServer();
    server.answers("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue");
    server.writeCa(folder.resolve("ca.pem"));
    proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    HttpSettings settings = new HttpSettings(Duration.ofSeconds(20), HttpSettings.Family.BOTH);
    String url = "http://127.0.0.1:" + proxy.getLocalPort();
    sender =
        new Sender(
            () -> settings,
            new TrustStore(List.of(folder.resolve("ca.pem"))),
            new Connector(Resolver.system(), new Proxies(Map.of("ALL_PROXY", url))),
            Rest.Clocks.SYSTEM);
  }

  @AfterEach
  void stop() throws Exception {
    sender.close();
    proxy.close();
    server.close();
  }

  private HttpReply get() throws IOException {
    return sender.send(HttpCall.get(URI.create("https://server.test:" + server.port() + "/")));
  }

  /** A proxy that answers as told, then tunnels. */
  private void answers(String text) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket client = proxy.accept();
                  Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                StringBuilder head = new StringBuilder();
                while (!head.toString().endsWith("\r\n\r\n")) {
                  head.append((char) client.getInputStream().read());
                }
                client.getOutputStream().write(text.getBytes(UTF_8));
                Thread.ofVirtual()
                    .start(
                        () -> {
                          try {
                            behind.getInputStream().transferTo(client.getOutputStream());
                          } catch (IOException e) {
                            // Over.
                          }
                        });
                client.getInputStream().transferTo(behind.getOutputStream());
              } catch (IOException e) {
                // The client went away, which is what is wanted.
              }
            });
  }

  @Test
  void tunnels() throws Exception {
    answers("HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n");
    assertEquals("true", get().text());
    assertEquals("true", get().text()); // there is no second tunnel
    assertEquals(1, server.connections.get());
  }

  @Test
  void saysThatTheProxyRefused() {
    answers("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nforged");
    ConnectException e = assertThrows(ConnectException.class, this::get);
    assertTrue(e.getMessage().contains("refused with status 403"), e.getMessage());
  }

  @Test
  void takesNoReplyFromTheProxy() {
    answers("HTTP/1.1 200 Connection established\r\n\r\n" + FORGED);
    ProtocolException e = assertThrows(ProtocolException.class, this::get);
    assertTrue(e.getMessage().contains("sent data too early"), e.getMessage());
    assertEquals(0, server.requests.size());
  }

  @Test
  void boundsWhatTheProxyAnswers() {
    answers("HTTP/1.1 100 Continue\r\n\r\n".repeat(100));
    assertThrows(ProtocolException.class, this::get);
    answers("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(100_000));
    assertThrows(ProtocolException.class, this::get);
    answers("garbage\r\n\r\n");
    assertThrows(ProtocolException.class, this::get);
  }
}
