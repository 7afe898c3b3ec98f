package himmelblau.socket.internal;

import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.ConversationClosed.Reason;
import himmelblau.api.secret.Secret;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the peer, asked by the thread of a conversation, and the answers, received by the
 * thread of the connection. Thread-safe.
 */
final class PeerAnswers {
  private static final Log LOG = Log.of(PeerAnswers.class);
  private static final int MAX = 4096;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final PeerConnection connection;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean asked;
  private long askedAt;
  private boolean late; // an answer may still arrive for a question that timed out
  private boolean closed;
  private @Nullable Reply reply;

  /** Empty when the peer gave up. */
  private record Reply(Optional<Secret> secret) {}

  /**
   * @param patience how long to wait for the answer to a question
   */
  PeerAnswers(PeerConnection connection, Duration patience) {
    this.connection = connection;
    this.patience = patience;
  }

  /** Sends a frame that needs no answer. */
  void tell(Frame frame) throws ConversationClosed {
    try {
      connection.write(frame);
    } catch (IOException e) {
      throw new ConversationClosed(Reason.GONE);
    }
  }

  /**
   * Sends a question and waits.
   *
   * @return the answer, which the caller closes; empty when the user cancelled, or did not answer
   *     in time
   */
  Optional<Secret> ask(Frame question) throws ConversationClosed {
    lock.lock();
    try {
      asked = true; // before sending: the answer may be quick
      askedAt = System.nanoTime();
    } finally {
      lock.unlock();
    }
    tell(question);
    lock.lock();
    try {
      long left = patience.toNanos();
      while (reply == null && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (reply == null && !closed) {
        asked = false;
        late = true;
        LOG.info("conversation.unanswered", "uid", connection.peer().uid(), "after", patience);
        return Optional.empty();
      }
      if (reply == null) {
        throw new ConversationClosed(Reason.GONE);
      }
      Optional<Secret> answer = reply.secret();
      reply = null;
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConversationClosed(Reason.GONE);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether a question waits for a user. A program answers sooner than a user can, so a question
   * that was sent a moment ago does not count yet.
   */
  boolean userAwaited() {
    lock.lock();
    try {
      return asked && System.nanoTime() - askedAt > SOON.toNanos();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes ANSWER or GIVE_UP.
   *
   * @throws MalformedFrame for any other frame, and for an answer without a question
   */
  void take(Frame frame) throws MalformedFrame {
    Optional<Secret> given;
    switch (frame.kind()) {
      case Kind.ANSWER -> given = Optional.of(answer(frame));
      case Kind.GIVE_UP -> given = Optional.empty();
      default ->
          throw new MalformedFrame(
              MalformedFrame.Reason.FIELD,
              String.format("Unexpected kind 0x%02x in a conversation", frame.kind()));
    }
    lock.lock();
    try {
      if (late && !asked && !closed) {
        late = false;
        given.ifPresent(Secret::close);
        return;
      }
      if (!asked || closed) {
        given.ifPresent(Secret::close);
        throw new MalformedFrame(MalformedFrame.Reason.FIELD, "An answer without a question");
      }
      asked = false;
      reply = new Reply(given);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static Secret answer(Frame frame) throws MalformedFrame {
    Secret secret = frame.fields().secret();
    if (secret.length() > MAX) {
      secret.close();
      throw new MalformedFrame(MalformedFrame.Reason.FIELD, "An answer of more than 4096 bytes");
    }
    return secret;
  }

  /** Called when the peer has disconnected. Wipes an answer that was not read. */
  void close() {
    lock.lock();
    try {
      closed = true;
      if (reply != null) {
        reply.secret().ifPresent(Secret::close);
        reply = null;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
