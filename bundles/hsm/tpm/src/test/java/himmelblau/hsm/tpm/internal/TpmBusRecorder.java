package himmelblau.hsm.tpm.internal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy between the key store and a software TPM: records the bus, and disconnects it. */
final class TpmBusRecorder implements Closeable {
  private final int port;
  private final ServerSocket data;
  private final ServerSocket control;
  private final AtomicInteger commandsLeft = new AtomicInteger(Integer.MAX_VALUE);
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  /**
   * @param port of the TPM; its control port is the next one
   */
  TpmBusRecorder(int port) throws IOException {
    this.port = port;
    ServerSocket first = null;
    ServerSocket second = null;
    for (int attempt = 0; second == null; attempt++) {
      first = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
      try {
        second = new ServerSocket(first.getLocalPort() + 1, 8, InetAddress.getLoopbackAddress());
      } catch (IOException e) {
        first.close();
        if (attempt > 50) {
          throw e;
        }
      }
    }
    data = first;
    control = second;
    Thread.ofVirtual().start(() -> serve(data, port, true));
    Thread.ofVirtual().start(() -> serve(control, port + 1, false));
  }

  String tcti() {
    return "swtpm:host=127.0.0.1,port=" + data.getLocalPort();
  }

  /** Cuts the connection before the answer to the n-th command from now. */
  void cutAfter(int commands) {
    commandsLeft.set(commands);
  }

  /** Whether there were so many commands. */
  boolean hasCut() {
    return commandsLeft.get() <= 0;
  }

  /** Everything that went over the bus so far, both ways. */
  synchronized byte[] heard() {
    return heard.toByteArray();
  }

  private void serve(ServerSocket server, int to, boolean bus) {
    try {
      while (true) {
        Socket client = server.accept();
        Socket tpm = new Socket(InetAddress.getLoopbackAddress(), to);
        Thread.ofVirtual().start(() -> pump(client, tpm, bus));
        Thread.ofVirtual().start(() -> pump(tpm, client, false));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pump(Socket from, Socket to, boolean commands) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count;
      while ((count = in.read(buffer)) > 0) {
        synchronized (this) {
          heard.write(buffer, 0, count);
        }
        out.write(buffer, 0, count);
        if (commands && commandsLeft.decrementAndGet() == 0) {
          return; // the TPM does it, and nobody hears the answer
        }
      }
    } catch (IOException e) {
      // the other direction was closed
    }
  }

  @Override
  public void close() throws IOException {
    data.close();
    control.close();
  }
}
