package himmelblau.http.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Connections between two calls: few, and not for long. Thread-safe. */
final class Pool implements AutoCloseable {
  private static final long LIFE = Duration.ofSeconds(15).toNanos();
  private static final int MOST = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Line> resting = new ArrayDeque<>();
  private boolean sweeping;
  private boolean closed;

  Optional<Line> take(String key) {
    while (true) {
      Optional<Line> line = pick(key);
      if (line.isEmpty() || line.get().usable()) {
        return line;
      }
      line.get().close();
    }
  }

  private Optional<Line> pick(String key) {
    lock.lock();
    try {
      for (Iterator<Line> all = resting.iterator(); all.hasNext(); ) {
        Line line = all.next();
        if (line.key().equals(key)) {
          all.remove();
          return Optional.of(line);
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  void giveBack(Line line) {
    Line surplus = null;
    lock.lock();
    try {
      if (closed) {
        surplus = line;
      } else {
        line.rest(System.nanoTime());
        resting.addFirst(line);
        surplus = resting.size() > MOST ? resting.removeLast() : null;
        if (!sweeping) {
          sweeping = true;
          Thread.ofVirtual().name("http sweep").start(this::sweep);
        }
      }
    } finally {
      lock.unlock();
    }
    if (surplus != null) {
      surplus.close();
    }
  }

  private void sweep() {
    boolean more = true;
    while (more) {
      try {
        Thread.sleep(Duration.ofNanos(LIFE));
      } catch (InterruptedException e) {
        return;
      }
      List<Line> old = new ArrayList<>();
      lock.lock();
      try {
        long now = System.nanoTime();
        while (!resting.isEmpty() && resting.getLast().restingFor(now) >= LIFE) {
          old.add(resting.removeLast());
        }
        more = !resting.isEmpty();
        sweeping = more;
      } finally {
        lock.unlock();
      }
      old.forEach(Line::close);
    }
  }

  @Override
  public void close() {
    List<Line> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(resting);
      resting.clear();
    } finally {
      lock.unlock();
    }
    all.forEach(Line::close);
  }
}
