package himmelblau.testing.tenant.tls;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP proxy that knows only CONNECT and leads every name to the tenant itself, for clients that
 * can be pointed at a proxy but not at other addresses.
 */
public final class ConnectProxy implements AutoCloseable {
  private static final int MAX_HEAD = 16 * 1024;

  private final ServerSocket server;
  private final InetSocketAddress tenant;

  public ConnectProxy(InetSocketAddress listen, InetSocketAddress tenant) throws IOException {
    this.server = new ServerSocket();
    this.server.setReuseAddress(true);
    this.server.bind(listen);
    this.tenant = tenant;
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket upstream = new Socket()) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      String head = head(in);
      if (!head.startsWith("CONNECT ")) {
        answer(out, "405 Method Not Allowed", "This proxy only knows CONNECT.");
        return;
      }
      String target = head.split(" ", 3)[1];
      if (!target.endsWith(":443")) {
        answer(out, "403 Forbidden", "Only port 443 leads to the emulated tenant.");
        return;
      }
      upstream.connect(tenant, 5000);
      out.write("HTTP/1.1 200 Connection Established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      Thread back =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      upstream.getInputStream().transferTo(out);
                    } catch (IOException e) {
                      // one side went away; the other is closed below
                    } finally {
                      close(client);
                    }
                  });
      in.transferTo(upstream.getOutputStream());
      upstream.shutdownOutput();
      back.join();
    } catch (IOException e) {
      // a broken tunnel is the client's business
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (head.size() < MAX_HEAD) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no request");
      }
      head.write(b);
      if (b == '\n' && head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
        return head.toString(StandardCharsets.US_ASCII);
      }
    }
    throw new IOException("request head too large");
  }

  private static void answer(OutputStream out, String status, String text) throws IOException {
    out.write(
        ("HTTP/1.1 " + status + "\r\nContent-Length: " + text.length() + "\r\n\r\n" + text)
            .getBytes(StandardCharsets.US_ASCII));
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // nothing left to do with it
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
