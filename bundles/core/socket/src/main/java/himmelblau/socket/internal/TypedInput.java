package himmelblau.socket.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The input of a session. The thread of the connection adds to it, and waits while the session is
 * behind, so that a peer cannot exhaust our memory. Thread-safe.
 */
final class TypedInput extends InputStream {
  private static final int MAX_CHUNKS = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> chunks = new ArrayDeque<>();
  private int used; // of the first chunk
  private boolean ended;
  private boolean closed;

  /** Adds what was typed; waits for room. */
  void add(byte[] bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (chunks.size() >= MAX_CHUNKS && !closed) {
        changed.await();
      }
      if (bytes.length > 0 && !closed && !ended) {
        chunks.add(bytes);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will be typed; what was is still read. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      while (chunks.isEmpty() && !ended && !closed) {
        changed.await();
      }
      byte[] first = chunks.peek();
      if (first == null || closed) {
        return -1;
      }
      int size = Math.min(length, first.length - used);
      System.arraycopy(first, used, bytes, offset, size);
      used += size;
      if (used == first.length) {
        chunks.remove();
        used = 0;
        changed.signalAll();
      }
      return size;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The session ends");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int available() {
    lock.lock();
    try {
      byte[] first = chunks.peek();
      return first == null || closed ? 0 : first.length - used;
    } finally {
      lock.unlock();
    }
  }

  /** The session has ended or the peer has disconnected. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      chunks.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
