package himmelblau.socket.internal;

import himmelblau.api.login.ConversationClosed;
import himmelblau.frames.Frame;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;

/**
 * Runs a conversation on its own virtual thread while the thread of the connection reads. When the
 * peer disconnects or violates the protocol, the conversation is interrupted at once; when the
 * conversation ends, the connection is closed.
 */
final class ConversationRunner {
  private ConversationRunner() {}

  /** The conversation. */
  @FunctionalInterface
  interface Body {
    void lead() throws ConversationClosed, IOException, InterruptedException;
  }

  /** Receives the frames of the peer. Closed, possibly twice, when either side has finished. */
  interface Sink {
    void take(Frame frame) throws IOException, InterruptedException;

    void close();
  }

  static void run(PeerConnection connection, String name, Sink sink, Body body)
      throws IOException, InterruptedException {
    Thread thread = Thread.ofVirtual().name(name).start(() -> lead(connection, sink, body));
    try {
      Optional<Frame> next = connection.read();
      while (next.isPresent()) {
        try (Frame frame = next.get()) {
          sink.take(frame);
        }
        next = connection.read();
      }
    } catch (ClosedChannelException e) {
      if (connection.expired().isPresent()) {
        throw e;
      }
      // the conversation has ended
    } finally {
      sink.close();
      thread.interrupt();
      thread.join();
    }
  }

  private static void lead(PeerConnection connection, Sink sink, Body body) {
    try (connection) {
      body.lead();
    } catch (ConversationClosed | IOException e) {
      // the peer has disconnected
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sink.close(); // the reader may be waiting for room in it
    }
  }
}
